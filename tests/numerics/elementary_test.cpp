// The polynomials of numerics/elementary.hpp against MPFR at 200 bits.
#include "numerics/elementary.hpp"

#include <boost/multiprecision/mpfr.hpp>
#include <gtest/gtest.h>

#include "numerics/format.hpp"
#include "numerics/random_value.hpp"

namespace attest {
namespace {

using Exact = boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<60>>;

// Every binade of [2^-60, 2^-6], its ends included, and the first arguments of the library's functions.
std::vector<double> arguments() {
  std::vector<double> all{0, 0x1p-6, 0x1.0000000000001p-6, 0x1p-5, 0.3, 2};
  for (int exponent = -60; exponent < -6; ++exponent) {
    all.push_back(std::ldexp(1.0, exponent));
    for (std::uint64_t i = 0; i < 200; ++i)
      all.push_back(std::ldexp(1 + static_cast<double>(mixed(i) >> 12) * 0x1p-52, exponent));
  }
  return all;
}

// Above the exact value but for a few roundings of the evaluation, and at most 2^-20 of it too large.
void expect_above(double computed, const Exact& exact, double x) {
  const Exact slack = Exact(1) + Exact(0x1p-51);
  EXPECT_GE(Exact(computed) * slack, exact) << x;
  EXPECT_LE(Exact(computed), exact * (Exact(1) + Exact(0x1p-20))) << x;
}

TEST(Elementary, Expm1AboveIsAboveAndSharp) {
  for (const double x : arguments()) {
    // exp(x) - 1 loses 60 of 200 bits at most
    expect_above(expm1_above(x), boost::multiprecision::exp(Exact(x)) - 1, x);
  }
}

TEST(Elementary, Log1pAboveIsAboveAndSharp) {
  for (const double x : arguments())
    expect_above(log1p_above(x), boost::multiprecision::log(Exact(1) + Exact(x)), x);
}

TEST(PowerOfTwo, IsLdexpOverEveryExponentOfADouble) {
  for (int exponent = -1074; exponent <= 1023; ++exponent)
    ASSERT_EQ(power_of_two(exponent), std::ldexp(1.0, exponent)) << exponent;
}

TEST(Elementary, OtherArgumentsAreTheLibrarys) {
  EXPECT_EQ(expm1_above(-0.25), std::expm1(-0.25));
  EXPECT_EQ(log1p_above(-0.25), std::log1p(-0.25));
  EXPECT_TRUE(std::isnan(expm1_above(std::nan(""))));
}

}  // namespace
}  // namespace attest
