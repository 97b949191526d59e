#include "semantics/native.hpp"

#include <random>

#include <gtest/gtest.h>

#include "laws.hpp"

namespace attest::semantics {
namespace {

template <class Semantic>
struct NativeSubject {
  using A = Semantic;
  using T = typename A::Acc;
  static constexpr bool kExact = false;
  static constexpr bool kOrdered = true;

  const A& semantics() const { return k; }
  T number() { return std::uniform_real_distribution<T>(-8, 8)(random); }
  T nonzero() { return std::uniform_real_distribution<T>(1, 8)(random); }
  T score() { return number(); }
  laws::Truth same(T x, T y) const { return x == y ? laws::Truth::yes : laws::Truth::no; }

  A k{};
  std::mt19937_64 random{1};
};

static_assert(Semantics<F32> && Guards<F32> && Thresholds<F32> && LogSumExp<F32>);

TEST(Native, KeepsTheLaws) {
  NativeSubject<F32> f32;
  NativeSubject<F64> f64;
  EXPECT_EQ(laws::violated(laws::check(f32, 1000)), "");
  EXPECT_EQ(laws::violated(laws::check(f64, 1000)), "");
}

// The law suite itself must be able to fail, law by law.
struct ForgetfulMax : F64 {
  double max(double s, double) const { return s; }
};
struct BadExp : F64 {
  double exp(double s) const { return std::exp(s) + 1e-16 + (s < -1e300 ? 1e-300 : 0); }
};
struct InclusiveThreshold : F64 {
  Condition exceeds(double s, double t, double tau) const { return {s >= t + tau}; }
};
struct FiniteSentinel : F64 {
  double masked() const { return -1e4; }
  Condition empty(double m) const { return {m == masked()}; }
};
struct SwappedSelect : F64 {
  double select(Condition c, double x, double y) const { return c.holds ? y : x; }
};
struct RoundedProbability : F64 {
  double probability(double x) const { return x * (1 - 0x1p-20); }
};

template <class Wrong>
std::string laws_violated_by() {
  NativeSubject<Wrong> subject;
  return laws::violated(laws::check(subject, 100));
}

TEST(LawSuite, NamesTheLawThatAWrongSemanticsBreaks) {
  EXPECT_EQ(laws_violated_by<ForgetfulMax>(),
            "a masked score is below every score, max commutes, what exceeds by nothing is the max");
  EXPECT_EQ(laws_violated_by<BadExp>(), "a masked score has weight zero");
  EXPECT_EQ(laws_violated_by<InclusiveThreshold>(), "nothing exceeds itself");
  EXPECT_EQ(laws_violated_by<RoundedProbability>(), "probability one is exact");
  EXPECT_NE(laws_violated_by<SwappedSelect>().find("a score is not empty"), std::string::npos);
}

// A finite sentinel looks like a masked score until a score falls below it.
TEST(LawSuite, SeesAFiniteSentinelOnlyWithScoresBelowIt) {
  EXPECT_EQ(laws_violated_by<FiniteSentinel>(), "");
  struct Low : NativeSubject<FiniteSentinel> {
    double score() { return number() - 2e4; }
  } low;
  const std::string names = laws::violated(laws::check(low, 10));
  EXPECT_NE(names.find("a masked score has weight zero"), std::string::npos);
  EXPECT_NE(names.find("a masked score is below every score"), std::string::npos);
}

struct ClaimsToBeExact : NativeSubject<F64> {
  static constexpr bool kExact = true;
};

TEST(LawSuite, SeesThatFloatsAreNotExact) {
  ClaimsToBeExact claims;
  const std::string names = laws::violated(laws::check(claims, 100));
  EXPECT_NE(names.find("addition is associative"), std::string::npos);
  EXPECT_NE(names.find("exp turns sums of differences into products"), std::string::npos);
}

TEST(Native, MaxKeepsANanOnTheLeftAndPassesOverOneOnTheRight) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(F64{}.max(nan, 1)));
  EXPECT_EQ(F64{}.max(1, nan), 1);
}

TEST(Native, RoundsAProductBeforeAddingToIt) {
  const F32 k;
  const float x = 1 + 0x1p-12F;  // x * x = 1 + 2^-11 + 2^-24 is a tie, rounded to even
  EXPECT_EQ(k.add(k.mul(x, x), -1), 0x1p-11F);
  EXPECT_EQ(std::fma(x, x, -1.0F), 0x1p-11F + 0x1p-24F);
}

}  // namespace
}  // namespace attest::semantics
