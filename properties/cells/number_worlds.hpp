// Kinds of numbers that cells run in: how a case's integers become numbers there, and when rows agree.
#pragma once

#include <stdexcept>

#include <mpfi.h>

#include "numerics/random_value.hpp"
#include "semantics/interval.hpp"
#include "semantics/modular.hpp"
#include "semantics/native.hpp"
#include "semantics/rational.hpp"

namespace attest::properties {

/// Values n / 8, scores of weight n + 1 or its inverse: nothing is rounded, so rows are equal or they are
/// not.
struct ExactNumbers {
  using A = semantics::Rational;
  A k{};
  A::Acc value(int n) const { return A::Acc(n, 8); }
  A::Score score(int n) const { return {n >= 0 ? A::Acc(n + 1) : A::Acc(1, 1 - n)}; }
  static bool agree(const A::Acc& x, const A::Acc& y) { return x == y; }
};

/// The pair of finite fields, with the zero that sums start from. Nothing there has weight zero, so cells
/// that begin from a masked maximum (WKV) do not run.
struct Field : semantics::Modular {
  struct Condition {};
  Acc zero() const { return {{0, 0}}; }
  Score masked() const { throw std::logic_error("no score of a finite field has weight zero"); }
  Score origin() const { return {{0, 0}}; }
  Condition empty(const Score&) const { return {}; }
  Score select(Condition, const Score&, const Score& t) const { return t; }
  Acc select(Condition, const Acc&, const Acc& y) const { return y; }
};

/// n stands for a random element. A wrong program over n tokens survives with a probability of about its
/// degree, at most a few times n, over 2^60, squared.
struct FieldNumbers {
  using A = Field;
  A k{};
  A::Acc value(int n) const { return k.value(mixed(static_cast<std::uint64_t>(n) + 1000)); }
  A::Score score(int n) const { return k.score(mixed(static_cast<std::uint64_t>(n) + 2000)); }
  static bool agree(const A::Acc& x, const A::Acc& y) { return x == y; }
};

/// Intervals with the guards that WKV starts from.
struct GuardedInterval : semantics::Interval {
  using semantics::Interval::Interval;
  using Condition = attest::semantics::Condition;
  Number masked() const { return number(-HUGE_VAL); }
  Number origin() const { return number(0.0); }
  Number zero() const { return number(0.0); }
  Condition empty(const Number& m) const { return {mpfr_inf_p(m.backend().right_data()) != 0}; }
  Number select(Condition c, const Number& x, const Number& y) const { return c.holds ? x : y; }
};

/// Values and scores n / 8 as intervals. Two enclosures of one number overlap.
struct EnclosedNumbers {
  using A = GuardedInterval;
  A k;
  explicit EnclosedNumbers(long bits) : k(bits) {}
  A::Acc value(int n) const { return k.number(n / 8.0); }
  A::Score score(int n) const { return k.number(n / 8.0); }
  static bool agree(const A::Acc& x, const A::Acc& y) {
    return mpfr_lessequal_p(x.backend().left_data(), y.backend().right_data()) != 0 &&
           mpfr_lessequal_p(y.backend().left_data(), x.backend().right_data()) != 0;
  }
};

/// The same numbers in a native format.
template <class T>
struct FloatNumbers {
  using A = semantics::Native<T>;
  A k{};
  T value(int n) const { return static_cast<T>(n / 8.0); }
  T score(int n) const { return static_cast<T>(n / 8.0); }
};

}  // namespace attest::properties
