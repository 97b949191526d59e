#include "space/growth.hpp"

#include <gtest/gtest.h>

namespace attest::space {
namespace {

Growth of(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
  return fitted({{256, a}, {512, b}, {1024, c}, {2048, d}});
}
constexpr std::uint64_t kMiB = 1U << 20U;

TEST(Growth, IsTheExponentOfAPower) {
  EXPECT_NEAR(of(kMiB, 4 * kMiB, 16 * kMiB, 64 * kMiB).exponent.value(), 2, 1e-12);
  EXPECT_NEAR(of(2 * kMiB, 4 * kMiB, 8 * kMiB, 16 * kMiB).exponent.value(), 1, 1e-12);
  EXPECT_NEAR(of(8 * kMiB, 8 * kMiB, 8 * kMiB, 8 * kMiB).exponent.value(), 0, 1e-12);
}

TEST(Growth, IsNotSeenInWhatIsNoise) {
  EXPECT_FALSE(of(0, 4096, 8192, 16384).exponent.has_value());
  EXPECT_FALSE(of(0, 4096, kMiB, 4 * kMiB).exponent.has_value());  // two points make any line
  EXPECT_NEAR(of(100, 4 * kMiB, 16 * kMiB, 64 * kMiB).exponent.value(), 2, 1e-12);
}

TEST(Growth, IsToldInOneLine) {
  EXPECT_EQ(growth_text(of(kMiB, 4 * kMiB, 16 * kMiB, 64 * kMiB)), "L^2.00, 64 MiB at 2,048");
  EXPECT_EQ(growth_text(of(0, 0, 0, 0)), "below 1 MiB to 2,048");
  EXPECT_EQ(growth_text(fitted({})), "not measured");
}

}  // namespace
}  // namespace attest::space
