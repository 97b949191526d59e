// Runs of elements decode as the definition of each format says, element by element.
#include <cmath>
#include <cstring>

#include <gtest/gtest.h>

#include "problem/tensor.hpp"

namespace attest {
namespace {

// Sign, exponent and fraction of a 16-bit format, put together with ldexp.
double by_definition(const Format& format, std::uint16_t bits) {
  const int fraction_bits = format.precision - 1;
  const int fraction = bits & ((1 << fraction_bits) - 1);
  const int biased = (bits & 0x7fff) >> fraction_bits;
  const double sign = (bits & 0x8000) != 0 ? -1.0 : 1.0;
  if (biased == (1 << (15 - fraction_bits)) - 1) return fraction == 0 ? sign * HUGE_VAL : NAN;
  const int hidden = biased == 0 ? 0 : 1 << fraction_bits;
  return sign * std::ldexp(hidden + fraction, std::max(biased, 1) - 1 + format.emin - fraction_bits);
}

TEST(DecodeRun, GivesEverySixteenBitPatternItsValueAtAnyStride) {
  for (const DType dtype : {DType::f16, DType::bf16}) {
    for (const std::int64_t stride : {0, 1, 3}) {
      std::vector<std::byte> bytes(std::size_t{2} * 65536 * 3);
      for (std::size_t i = 0; i < 65536; ++i) {
        const auto bits = static_cast<std::uint16_t>(i);
        std::memcpy(bytes.data() + 2 * i * static_cast<std::size_t>(stride), &bits, 2);
      }
      std::vector<double> values(65536);
      decode_run(dtype, bytes.data(), stride, 65536, values.data());
      for (std::size_t i = 0; i < 65536; ++i) {
        const auto bits = static_cast<std::uint16_t>(stride == 0 ? 65535 : i);
        const double expected = by_definition(format_of(dtype), bits);
        if (std::isnan(expected)) {
          ASSERT_TRUE(std::isnan(values[i])) << i;
          continue;
        }
        ASSERT_EQ(values[i], expected) << i;
        ASSERT_EQ(std::signbit(values[i]), std::signbit(expected)) << i;
      }
    }
  }
}

TEST(DecodeRun, ReadsEveryOtherTypeAsItIsStored) {
  for (const DType dtype : {DType::f64, DType::f32, DType::i32, DType::u8}) {
    Tensor t(dtype, {2, 3}, {7, 2});
    t.assign({1, 2, 3, 40, 50, 60});
    std::vector<double> row(3);
    decode_run(dtype, t.bytes().data() + 7 * size_of(dtype), 2, 3, row.data());
    EXPECT_EQ(row, (std::vector<double>{40, 50, 60})) << name_of(dtype);
  }
}

// The doubles at, just below and just above the middle between two neighbours of the format.
TEST(Encode, RoundsToTheNearestSixteenBitNumberAroundEveryMiddle) {
  for (const DType dtype : {DType::f16, DType::bf16}) {
    const Format& format = format_of(dtype);
    for (std::uint16_t bits = 0; bits < 0x7fff; ++bits) {
      const double low = by_definition(format, bits);
      if (!std::isfinite(low)) break;
      double high = by_definition(format, static_cast<std::uint16_t>(bits + 1));
      if (std::isinf(high)) high = std::ldexp(1.0, format.emax + 1);  // where the next number would be
      const double middle = low + (high - low) / 2;
      for (const double x : {low, std::nextafter(low, HUGE_VAL), std::nextafter(middle, 0.0), middle,
                             std::nextafter(middle, HUGE_VAL), std::nextafter(high, 0.0)}) {
        ASSERT_EQ(representable(dtype, x), round_to(format, x)) << name_of(dtype) << " " << x;
        ASSERT_EQ(representable(dtype, -x), -round_to(format, x)) << name_of(dtype) << " " << x;
      }
    }
    for (const double x : {0x1p-1074, 1e-60, 1e300, HUGE_VAL})
      EXPECT_EQ(representable(dtype, x), round_to(format, x)) << name_of(dtype) << " " << x;
    EXPECT_TRUE(std::signbit(representable(dtype, -0.0)));
    EXPECT_TRUE(std::isnan(representable(dtype, NAN)));
  }
}

TEST(Tensor, ListsItsValuesInRowMajorOrderInAnyLayout) {
  const std::vector<double> values{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  for (const std::vector<std::int64_t>& strides :
       std::vector<std::vector<std::int64_t>>{{6, 3, 1}, {1, 2, 4}, {8, 4, 1}, {30, 10, 3}}) {
    Tensor t(DType::f32, {2, 2, 3}, strides);
    t.assign(values);
    EXPECT_EQ(t.values(), values);
    EXPECT_EQ(t.at({1, 0, 2}), 9);
  }
  EXPECT_TRUE(Tensor(DType::f32, {2, 0}).values().empty());
}

}  // namespace
}  // namespace attest
