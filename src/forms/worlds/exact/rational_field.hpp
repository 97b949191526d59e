// What a case means in exact rationals.
#pragma once

#include "forms/worlds/exact/exact_world.hpp"
#include "semantics/rational.hpp"

namespace attest::forms {

/// (3/2)^score (1 + grain/16): positive, rising with the score, and equal for equal scores of grain 0.
semantics::Rational::Number weight_of(const KeyCase& key, int shift);
semantics::Rational::Number weight_of_power(int power);  ///< (3/2)^power

struct RationalField {
  using A = semantics::Rational;
  static constexpr SemanticsEntry kEntry{
      .name = "rational", .meaning = "exact rationals, with weights in place of scores; results are equal"};

  A semantics(const RowCase&) const { return {}; }
  static A::Score score(const KeyCase& key, int shift) { return {weight_of(key, shift)}; }
  static A::Score threshold(int tau) { return {weight_of_power(tau)}; }
  static A::Acc value(int integer, std::size_t) { return integer; }
  static A::Acc zero() { return 0; }
  static A::Acc weight_of_shift(int shift) { return weight_of_power(shift); }
  static A::Acc expected(const RowCase& row, std::size_t channel);
  static A::Acc total(const RowCase& row);
  static bool same(const A::Acc& x, const A::Acc& y) { return x == y; }
  static bool is_below(const A::Acc& x, const A::Acc& y) { return x < y; }
  static std::string text(const A::Acc& x);
};

}  // namespace attest::forms
