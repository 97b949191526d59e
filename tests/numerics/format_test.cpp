#include "numerics/format.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "numerics/environment.hpp"
#include "problem/dtype.hpp"

namespace attest {
namespace {

TEST(Format, KnowsTheLimitsOfTheInterchangeFormats) {
  EXPECT_EQ(kBinary64.max_finite(), std::numeric_limits<double>::max());
  EXPECT_EQ(kBinary64.min_normal(), std::numeric_limits<double>::min());
  EXPECT_EQ(kBinary64.min_subnormal(), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(kBinary32.max_finite(), std::numeric_limits<float>::max());
  EXPECT_EQ(kBinary32.min_normal(), std::numeric_limits<float>::min());
  EXPECT_EQ(kBinary16.max_finite(), 65504);
  EXPECT_EQ(kBfloat16.max_finite(), 0x1.fep127);
  EXPECT_EQ(kBfloat16.unit_roundoff(), 0x1p-8);
  EXPECT_EQ(kBfloat16.unit_roundoff(Rounding::toward_zero), 0x1p-7);
}

TEST(Rounding, ToBinary32EqualsTheProcessorsConversion) {
  // Patterns around every power of two of binary32, midpoints and their neighbours, subnormals, overflow.
  for (int exponent = -151; exponent <= 129; ++exponent) {
    for (const double significand :
         {1.0, 1 + 0x1p-23, 1 + 0x1p-24, 1 + 0x1p-24 + 0x1p-52, 1.5, 2 - 0x1p-24, 2 - 0x1p-52}) {
      const double x = std::ldexp(significand, exponent);
      EXPECT_EQ(round_to(kBinary32, x), static_cast<double>(static_cast<float>(x))) << x;
      EXPECT_EQ(round_to(kBinary32, -x), static_cast<double>(static_cast<float>(-x))) << -x;
    }
  }
}

TEST(Rounding, DirectedRoundingsBracketTheValue) {
  for (const double x : {1.1, -1.1, 1e-40, 65519.0, 1e39, -1e39, 3.0}) {
    for (const Format& format : {kBinary32, kBinary16, kBfloat16}) {
      const double down = round_to(format, x, Rounding::downward);
      const double up = round_to(format, x, Rounding::upward);
      EXPECT_LE(down, x);
      EXPECT_GE(up, x);
      EXPECT_EQ(round_to(format, x, Rounding::toward_zero), x > 0 ? down : up);
      const double nearest = round_to(format, x);
      EXPECT_TRUE(nearest == down || nearest == up);
    }
  }
}

TEST(Dtype, EverySixteenBitPatternSurvivesDecodingAndEncoding) {
  for (const DType dtype : {DType::f16, DType::bf16}) {
    for (int bits = 0; bits <= 0xffff; ++bits) {
      std::byte element[2] = {static_cast<std::byte>(bits & 0xff), static_cast<std::byte>(bits >> 8)};
      const double value = decode(dtype, element);
      std::byte back[2];
      encode(dtype, value, back);
      if (std::isnan(value)) {
        EXPECT_TRUE(std::isnan(decode(dtype, back)));
      } else {
        EXPECT_EQ(element[0], back[0]) << bits;
        EXPECT_EQ(element[1], back[1]) << bits;
      }
    }
  }
}

TEST(Dtype, EncodesMidpointsOfNeighboursToTheEvenOne) {
  for (const DType dtype : {DType::f16, DType::bf16}) {
    for (int bits = 0; bits < 0x7c00; ++bits) {
      std::byte low[2] = {static_cast<std::byte>(bits & 0xff), static_cast<std::byte>(bits >> 8)};
      std::byte high[2] = {static_cast<std::byte>((bits + 1) & 0xff),
                           static_cast<std::byte>((bits + 1) >> 8)};
      const double a = decode(dtype, low);
      const double b = decode(dtype, high);
      if (!std::isfinite(b)) continue;
      const double middle = a / 2 + b / 2;
      EXPECT_EQ(representable(dtype, middle), bits % 2 == 0 ? a : b) << bits;
      EXPECT_EQ(representable(dtype, std::nextafter(middle, a)), a) << bits;
      EXPECT_EQ(representable(dtype, std::nextafter(middle, b)), b) << bits;
    }
  }
}

TEST(Environment, TheDefaultIsAccepted) { EXPECT_NO_THROW(require_default_environment()); }

}  // namespace
}  // namespace attest
