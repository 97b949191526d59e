// What the saturation theorems assume of a format's constants, and that their limits are reached.
#include <cmath>

#include <gtest/gtest.h>

#include "attention/online.hpp"
#include "semantics/emulated.hpp"

namespace attest::prove {
namespace {

TEST(Saturation, IsAtTheTileWidthTimesTwoToThePrecisionInEveryFormat) {
  for (const Format& format :
       {semantics::kFloat1e4m3, semantics::kFloat1e5m2, kBinary16, kBfloat16, kBinary32}) {
    for (double b = 1; b * std::ldexp(1.0, format.precision) < format.max_finite(); b *= 2) {
      const double limit = b * std::ldexp(1.0, format.precision);
      EXPECT_EQ(round_to(format, limit + b), limit) << format.precision << " bits, tiles of " << b;
      const double below = limit - b;
      EXPECT_EQ(round_to(format, below + b), limit) << format.precision << " bits, tiles of " << b;
    }
  }
}

// Keys of equal weight, one at a time.
double sum_of_equal_keys(const Format& format, std::size_t keys) {
  const semantics::Emulated<> k(format);
  attention::State<semantics::Emulated<>> state{0, 1, {1}};
  const std::vector<double> score{0};
  const std::vector<std::vector<double>> value{{1}};
  for (std::size_t j = 1; j < keys; ++j) attention::absorb(k, state, score, value);
  EXPECT_EQ(state.l, state.o[0]);
  return state.l;
}

TEST(Saturation, IsReachedByEqualKeysOneAtATime) {
  EXPECT_EQ(sum_of_equal_keys(kBinary16, 2048), 2048);
  EXPECT_EQ(sum_of_equal_keys(kBinary16, 3000), 2048);
  EXPECT_EQ(sum_of_equal_keys(kBfloat16, 256), 256);
  EXPECT_EQ(sum_of_equal_keys(kBfloat16, 300), 256);
}

}  // namespace
}  // namespace attest::prove
