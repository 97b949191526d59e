// The machine's own floats: one IEEE operation each, rounded to nearest even.
//
// Needs -ffp-contract=off (the build sets it): a*b+c as one FMA would round once where this promises two.
#pragma once

#include <cmath>
#include <concepts>
#include <limits>

#include "semantics/condition.hpp"

namespace attest::semantics {

/// The C library's exponential (glibc 2.36, float and double: error below 1 ulp).
struct LibmExp {
  template <std::floating_point T>
  T operator()(T x) const {
    return std::exp(x);
  }
};

/// T is float or double; Exp maps T to T (a table, to compare with a symbolic run that has the same one).
template <std::floating_point T, class Exp = LibmExp>
struct Native {
  using Score = T;
  using Acc = T;
  using Condition = attest::semantics::Condition;

  [[no_unique_address]] Exp exponential{};

  /// `t` only if it is greater: a NaN in `s` stays, a NaN in `t` is passed over.
  T max(T s, T t) const { return s < t ? t : s; }
  T sub(T s, T t) const { return s - t; }
  T exp(T s) const { return exponential(s); }
  T probability(T x) const { return x; }
  T one() const { return 1; }
  T add(T x, T y) const { return x + y; }
  T mul(T x, T y) const { return x * y; }
  T div(T x, T y) const { return x / y; }

  T masked() const { return -std::numeric_limits<T>::infinity(); }
  T origin() const { return 0; }
  T zero() const { return 0; }
  Condition empty(T m) const { return {m == masked()}; }
  T select(Condition c, T x, T y) const { return c.holds ? x : y; }
  Condition exceeds(T s, T t, T tau) const { return {s > t + tau}; }
  T lse(T m, T l) const { return m + std::log(l); }
  T negate(T x) const { return -x; }
  T number(double constant) const { return static_cast<T>(constant); }
  T sqrt(T x) const { return std::sqrt(x); }
  T score(T x) const { return x; }
};

using F32 = Native<float>;
using F64 = Native<double>;

}  // namespace attest::semantics
