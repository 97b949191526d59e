// Pairs of f64, one at a time.
#pragma once

#include <cmath>

namespace attest::oracle::dd {

constexpr double kU = 0x1p-53;

/// The unevaluated sum hi + lo.
struct Double2 {
  double hi = 0, lo = 0;
};

/// a + b exactly (Knuth's TwoSum).
inline Double2 two_sum(double a, double b) {
  const double sum = a + b;
  const double b_part = sum - a;
  const double a_part = sum - b_part;
  return {sum, (a - a_part) + (b - b_part)};
}

/// AccurateDWPlusDW: relative error at most 3.01 u^2 (Joldes, Muller, Popescu 2017, theorem 3.1).
inline Double2 add(const Double2& x, const Double2& y) {
  const Double2 s = two_sum(x.hi, y.hi);
  const Double2 t = two_sum(x.lo, y.lo);
  const Double2 v = two_sum(s.hi, s.lo + t.hi);
  return two_sum(v.hi, t.lo + v.lo);
}

/// x y, relative error at most 8 u^2 but for underflow.
inline Double2 multiply(const Double2& x, const Double2& y) {
  const double p = x.hi * y.hi;
  const double e = std::fma(x.lo, y.hi, std::fma(x.hi, y.lo, std::fma(x.hi, y.hi, -p)));
  return two_sum(p, e);
}

/// x / y, relative error at most 16 u^2 but for underflow.
inline Double2 divide(const Double2& x, const Double2& y) {
  const double q = x.hi / y.hi;
  const double rest = std::fma(-q, y.lo, std::fma(-q, y.hi, x.hi) + x.lo);
  return two_sum(q, rest / y.hi);
}

}  // namespace attest::oracle::dd
