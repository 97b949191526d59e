// The software floats that are precise enough to be compared with sums at 400 bits.
#pragma once

#include "forms/worlds/floats/multiprecision_world.hpp"
#include "semantics/double_double.hpp"

namespace attest::forms {

struct Mpfr200 {
  using A = semantics::Mpfr;
  static constexpr SemanticsEntry kEntry{
      .name = "MPFR",
      .meaning = "MPFR at 200 bits; within a derived bound, about n 2^-198, of sums at 400 bits"};
  static constexpr double kError = 0x1p-200;
  static constexpr double kUnderflow = 0;  // the exponents are 62 bits wide
  A k{200};

  A::Number number(double x) const { return k.number(x); }
  static semantics::Mpfr::Number wide(const semantics::Mpfr& wide, const A::Number& x) {
    return wide.add(x, wide.zero());
  }
};

struct TwoDoubles {
  using A = semantics::DoubleDouble;
  static constexpr SemanticsEntry kEntry{
      .name = "double-double",
      .meaning = "sums of two doubles; within a derived bound, about n 2^-96, of sums at 400 bits",
      .total = false};
  // double_double.hpp: the exponential errs most. It loses bits below exp(-650), which is less than 2^-937.
  static constexpr double kError = 0x1p-98;
  static constexpr double kUnderflow = 0x1p-937;
  A k;

  static A::Number number(double x) { return {x, 0}; }
  static semantics::Mpfr::Number wide(const semantics::Mpfr& wide, const A::Number& x) {
    return wide.add(wide.number(x.high), wide.number(x.low));
  }
};

}  // namespace attest::forms
