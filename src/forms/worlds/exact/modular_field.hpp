// What a case means in a pair of finite fields.
#pragma once

#include "forms/worlds/exact/exact_world.hpp"
#include "semantics/modular.hpp"

namespace attest::forms {

/// Each pair of score and grain has an exponent drawn at random, and so has each maximum. Values are their
/// integers. As a function of the weights and shifts, what distinguishes a wrong form over n keys from the
/// definition is a polynomial of degree at most Modular::degree(n) = 6n + 2 (modular.hpp): a wrong form
/// passes a case with a probability of at most degree / 2^60 in each field, below 2^-50 for the 140 keys of
/// the longest.
struct ModularField {
  using A = semantics::Modular;
  static constexpr SemanticsEntry kEntry{
      .name = "finite fields",
      .meaning =
          "two fields of 61 bits, with any shift in place of the max; results are equal, and a false match "
          "has probability (6n + 2) / 2^60 in each",
      .ordered = false,
      .free_maxima = true};

  A semantics(const RowCase& row) const { return {row.choices.maxima}; }
  static A::Score score(const KeyCase& key, int shift);
  static A::Score threshold(int) { return {}; }  // no form with a threshold runs here
  static A::Acc value(int integer, std::size_t);
  static A::Acc zero() { return {{0, 0}}; }
  static A::Acc weight_of_shift(int shift);
  static A::Acc expected(const RowCase& row, std::size_t channel);
  static A::Acc total(const RowCase& row);
  static bool same(const A::Acc& x, const A::Acc& y) { return x == y; }
  static std::string text(const A::Acc& x);
};

}  // namespace attest::forms
