// round_to and the 16-bit element types, on every bit pattern and every tie, against two other hands: a
// search among the format's values and Eigen's half.
#include <bit>
#include <cstdint>
#include <functional>
#include <random>

#include <Eigen/Core>
#include <gtest/gtest.h>

#include "nearest.hpp"
#include "problem/dtype.hpp"
#include "semantics/emulated.hpp"

namespace attest::semantics {
namespace {

using Eigen::half;

double decoded(DType dtype, std::uint16_t bits) {
  std::byte element[2] = {static_cast<std::byte>(bits & 0xffU), static_cast<std::byte>(bits >> 8U)};
  return decode(dtype, element);
}

std::uint16_t encoded(DType dtype, double value) {
  std::byte element[2];
  encode(dtype, value, element);
  return static_cast<std::uint16_t>(std::to_integer<unsigned>(element[0]) |
                                    std::to_integer<unsigned>(element[1]) << 8U);
}

TEST(Float16, DecodesAndEncodesEveryBitPatternAsEigenDoes) {
  for (unsigned pattern = 0; pattern <= 0xffffU; ++pattern) {
    const auto bits = static_cast<std::uint16_t>(pattern);
    const auto eigens = static_cast<double>(std::bit_cast<half>(bits));
    const double ours = decoded(DType::f16, bits);
    if (std::isnan(eigens)) {
      ASSERT_TRUE(std::isnan(ours)) << bits;
      ASSERT_TRUE(std::isnan(decoded(DType::f16, encoded(DType::f16, ours)))) << bits;
    } else {
      ASSERT_EQ(std::bit_cast<std::uint64_t>(ours), std::bit_cast<std::uint64_t>(eigens)) << bits;
      ASSERT_EQ(encoded(DType::f16, ours), bits);
    }
  }
}

// bfloat16 is the upper half of binary32.
TEST(Bfloat16, DecodesAndEncodesEveryBitPatternAsTheUpperHalfOfAFloat) {
  for (unsigned pattern = 0; pattern <= 0xffffU; ++pattern) {
    const auto bits = static_cast<std::uint16_t>(pattern);
    const auto upper_half = static_cast<double>(std::bit_cast<float>(pattern << 16U));
    const double ours = decoded(DType::bf16, bits);
    if (std::isnan(upper_half)) {
      ASSERT_TRUE(std::isnan(ours)) << bits;
      ASSERT_TRUE(std::isnan(decoded(DType::bf16, encoded(DType::bf16, ours)))) << bits;
    } else {
      ASSERT_EQ(std::bit_cast<std::uint64_t>(ours), std::bit_cast<std::uint64_t>(upper_half)) << bits;
      ASSERT_EQ(encoded(DType::bf16, ours), bits);
    }
  }
}

using Round = std::function<double(const Format&, double)>;

// Doubles where a rounding can go wrong: each value of the format, each midpoint of two, and their two
// neighbours.
int wrong_roundings(const Format& format, const Round& round) {
  const NearestBySearch nearest(format);
  const auto values = nearest.magnitudes();
  int wrong = 0;
  const auto try_at = [&](double x) {
    for (const double y : {x, std::nextafter(x, 0), std::nextafter(x, HUGE_VAL)}) {
      const double expected = nearest(Rational::Number(y));
      const double up = round(format, y);
      const double down = round(format, -y);
      wrong += up == expected && down == -expected && std::signbit(down) && !std::signbit(up) ? 0 : 1;
    }
  };
  for (std::size_t i = 1; i < values.size(); ++i) {
    try_at(values[i]);
    try_at((values[i - 1] + values[i]) / 2);
  }
  try_at(format.max_finite() + std::ldexp(1.0, format.emax - format.precision));  // half way to infinity
  return wrong;
}

TEST(Rounding, FindsTheNearestOfAllValuesAtEveryValueAndEveryTie) {
  for (const Format& format : {kBinary16, kBfloat16, kFloat1e4m3, kFloat1e5m2}) {
    EXPECT_EQ(wrong_roundings(format, [](const Format& f, double x) { return round_to(f, x); }), 0)
        << format.precision;
  }
}

TEST(Rounding, IsDistinguishedFromEveryOtherRounding) {
  const auto truncate = [](const Format& f, double x) { return round_to(f, x, Rounding::toward_zero); };
  const auto flush = [](const Format& f, double x) {
    const double y = round_to(f, x);
    return std::fabs(y) < f.min_normal() ? std::copysign(0.0, x) : y;
  };
  const auto twice = [](const Format& f, double x) {
    return round_to(f, round_to(Format{f.precision + 2, f.emin, f.emax}, x));
  };
  const auto saturate = [](const Format& f, double x) {
    const double y = round_to(f, x);
    return std::isinf(y) ? std::copysign(f.max_finite(), x) : y;
  };
  const auto ties_away = [](const Format& f, double x) {
    return round_to(f, x) == round_to(f, std::nextafter(x, HUGE_VAL))
               ? round_to(f, x)
               : round_to(f, std::nextafter(x, HUGE_VAL));
  };
  for (const Round& other :
       {Round(truncate), Round(flush), Round(twice), Round(saturate), Round(ties_away)}) {
    for (const Format& format : {kBinary16, kFloat1e4m3}) EXPECT_GT(wrong_roundings(format, other), 0);
  }
}

// Floats, because Eigen converts doubles by way of them.
TEST(Rounding, OfRandomFloatsIsThatOfEigen) {
  std::mt19937_64 random(1);
  std::uniform_int_distribution<int> exponent(-30, 17);
  std::uniform_real_distribution<float> significand(-2, 2);
  for (int i = 0; i < 200000; ++i) {
    const float x = std::ldexp(significand(random), exponent(random));
    ASSERT_EQ(round_to(kBinary16, x), static_cast<double>(half(x))) << x;
  }
}

}  // namespace
}  // namespace attest::semantics
