#include "semantics/interval.hpp"

#include <random>

#include <gtest/gtest.h>

#include "laws.hpp"
#include "semantics/rational.hpp"

namespace attest::semantics {
namespace {

static_assert(Semantics<Interval> && LogSumExp<Interval> && !Guards<Interval>);

bool overlap(const Interval::Number& x, const Interval::Number& y) {
  return mpfi_cmp(x.backend().data(), y.backend().data()) == 0;
}

// Two intervals that overlap may or may not enclose the same number: only a point against itself is the same.
struct IntervalSubject {
  using A = Interval;
  static constexpr bool kExact = true;
  static constexpr bool kOrdered = true;

  const A& semantics() const { return k; }
  A::Acc number() { return k.number(std::uniform_real_distribution<double>(-8, 8)(random)); }
  A::Acc nonzero() { return k.number(std::uniform_real_distribution<double>(1, 8)(random)); }
  A::Score score() { return number(); }
  laws::Truth same(const A::Acc& x, const A::Acc& y) const {
    if (!overlap(x, y)) return laws::Truth::no;
    const auto is_point = [](const A::Acc& z) {
      return mpfr_equal_p(z.backend().left_data(), z.backend().right_data()) != 0;
    };
    const bool points = is_point(x) && is_point(y);
    return points ? laws::Truth::yes : laws::Truth::unknown;
  }

  A k{80};
  std::mt19937_64 random{1};
};

// The laws of exact arithmetic are not violated, since results enclose the exact ones; where rounding shows
// they are undecided, and that is counted.
TEST(Interval, ViolatesNoLawAndDecidesThoseWithoutRounding) {
  IntervalSubject subject;
  const auto report = laws::check(subject, 200);
  EXPECT_EQ(laws::violated(report), "");
  EXPECT_EQ(report.at("max is associative").unknown, 0);
  EXPECT_EQ(report.at("one is neutral").unknown, 0);
  EXPECT_EQ(report.at("a score less itself has weight one").unknown, 0);
  EXPECT_GT(report.at("exp turns sums of differences into products").unknown, 100);
}

struct TooNarrow : Interval {
  using Interval::Interval;
  Number exp(const Number& s) const {
    return number(boost::multiprecision::median(Interval::exp(s)).convert_to<double>());
  }
};

TEST(Interval, ExponentialsThatDoNotEncloseAreSeen) {
  struct Subject : IntervalSubject {
    using A = TooNarrow;
    const A& semantics() const { return narrow; }
    A narrow{80};
  } subject;
  EXPECT_NE(laws::violated(laws::check(subject, 100)).find("exp turns sums"), std::string::npos);
}

// Overlapping intervals have no order; the maximum has both as candidates.
TEST(Interval, TakesTheMaximumEndpointByEndpoint) {
  const Interval k(53);
  const auto between = [&](double low, double high) {
    auto x = k.number(low);
    mpfi_put_d(x.backend().data(), high);
    return x;
  };
  const auto x = between(1, 4);
  const auto y = between(2, 3);
  const auto m = k.max(x, y);
  EXPECT_EQ(lower(m), 2);
  EXPECT_EQ(upper(m), 4);
  EXPECT_EQ(lower(k.max(y, x)), 2);
  EXPECT_EQ(upper(k.max(y, x)), 4);
}

TEST(Interval, EnclosesExactQuotientsAndSumsAndNotTheirNeighbours) {
  const Interval k(53);
  std::mt19937_64 random(3);
  std::uniform_int_distribution<int> integer(1, 1000000);
  for (int i = 0; i < 1000; ++i) {
    const Rational::Number a(integer(random), integer(random));
    const Rational::Number b(integer(random), integer(random));
    const auto x = k.number(a.backend().data());
    const auto y = k.number(b.backend().data());
    const auto enclosed = [](const Interval::Number& result, const Rational::Number& exact) {
      return Interval::encloses(result, exact.backend().data());
    };
    ASSERT_TRUE(enclosed(k.add(x, y), a + b));
    ASSERT_TRUE(enclosed(k.sub(x, y), a - b));
    ASSERT_TRUE(enclosed(k.mul(x, y), a * b));
    ASSERT_TRUE(enclosed(k.div(x, y), a / b));
    ASSERT_FALSE(enclosed(k.div(x, y), a / b * (1 + Rational::Number(1, 1LL << 40))));
  }
}

TEST(Interval, EnclosesTheLogOfItsExponential) {
  const Interval k(53);
  for (const double x : {-20.5, 0.0, 0.1, 3.0}) {
    EXPECT_TRUE(overlap(k.log(k.exp(k.number(x))), k.number(x)));
    EXPECT_FALSE(overlap(k.log(k.exp(k.number(x))), k.number(x + 1e-12)));
  }
}

TEST(Interval, IsTheWholeLineAfterDividingByAnIntervalAroundZero) {
  const Interval k(53);
  auto zero = k.number(-1);
  mpfi_put_d(zero.backend().data(), 1);
  const auto x = k.div(k.one(), zero);
  EXPECT_TRUE(isinf(lower(x)) && isinf(upper(x)));
}

}  // namespace
}  // namespace attest::semantics
