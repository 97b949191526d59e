#include "semantics/double_double.hpp"

#include <cmath>

namespace attest::semantics {
namespace {

using Number = DoubleDouble::Number;

// The exact sum of two doubles (Knuth).
Number two_sum(double x, double y) {
  const double sum = x + y;
  const double y_part = sum - x;
  return {sum, (x - (sum - y_part)) + (y - y_part)};
}

// The same, when |x| >= |y| or x = 0 (Dekker).
Number fast_two_sum(double x, double y) {
  const double sum = x + y;
  return {sum, y - (sum - x)};
}

Number two_product(double x, double y) {
  const double product = x * y;
  return {product, std::fma(x, y, -product)};
}

Number times(const Number& x, double y) {
  const Number product = two_product(x.high, y);
  return fast_two_sum(product.high, std::fma(x.low, y, product.low));
}

// exp(r) - 1 for |r| <= ln 2 / 2: the series at r / 512, where ten terms leave 2^-121, doubled nine times by
// exp(2 x) - 1 = 2 y + y^2.
Number exp_minus_one(const DoubleDouble& k, const Number& r) {
  constexpr int kDoublings = 9;
  constexpr int kTerms = 10;
  const Number x{std::ldexp(r.high, -kDoublings), std::ldexp(r.low, -kDoublings)};
  Number y = k.one();
  for (int n = kTerms; n >= 2; --n) {  // y = 1 + x/2 (1 + x/3 (... (1 + x/10)))
    y = k.add(k.one(), k.div(k.mul(x, y), {static_cast<double>(n), 0}));
  }
  y = k.mul(x, y);
  for (int i = 0; i < kDoublings; ++i) y = k.add({2 * y.high, 2 * y.low}, k.mul(y, y));
  return y;
}

}  // namespace

Number DoubleDouble::add(const Number& x, const Number& y) const {
  const Number high = two_sum(x.high, y.high);
  if (!std::isfinite(high.high)) return {high.high, 0};
  const Number low = two_sum(x.low, y.low);
  const Number sum = fast_two_sum(high.high, high.low + low.high);
  return fast_two_sum(sum.high, low.low + sum.low);
}

Number DoubleDouble::mul(const Number& x, const Number& y) const {
  const Number high = two_product(x.high, y.high);
  const double low = x.high * y.low + x.low * y.high;
  return fast_two_sum(high.high, high.low + low);
}

Number DoubleDouble::div(const Number& x, const Number& y) const {
  const double quotient = x.high / y.high;
  const Number product = times(y, quotient);
  const double rest = (x.high - product.high) + (x.low - product.low);
  return fast_two_sum(quotient, rest / y.high);
}

Number DoubleDouble::exp(const Number& s) const {
  if (s.high < -746) return zero();
  // ln 2 in three doubles: a multiple of it up to 2^11 is exact to 2^-150.
  constexpr double kLn2[3] = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56, 0x1.7b57a079a1934p-111};
  const double multiple = std::nearbyint(s.high / kLn2[0]);
  Number r = s;
  for (const double part : kLn2) r = sub(r, two_product(part, multiple));
  const Number y = add(one(), exp_minus_one(*this, r));
  const int exponent = static_cast<int>(multiple);
  return {std::ldexp(y.high, exponent), std::ldexp(y.low, exponent)};
}

}  // namespace attest::semantics
