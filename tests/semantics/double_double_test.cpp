#include "semantics/double_double.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "attention/run.hpp"
#include "laws.hpp"
#include "semantics/mpfr.hpp"

namespace attest::semantics {
namespace {

using Number = DoubleDouble::Number;

static_assert(Semantics<DoubleDouble> && Guards<DoubleDouble>);

struct DoubleDoubleSubject {
  using A = DoubleDouble;
  static constexpr bool kExact = false;
  static constexpr bool kOrdered = true;

  const A& semantics() const { return k; }
  Number number() { return draw(-8, 8); }
  Number nonzero() { return draw(1, 8); }
  Number score() { return number(); }
  laws::Truth same(const Number& x, const Number& y) const {
    return x.high == y.high && x.low == y.low ? laws::Truth::yes : laws::Truth::no;
  }
  Number draw(double low, double high) {
    const double x = std::uniform_real_distribution<double>(low, high)(random);
    return k.add({x, 0},
                 {std::uniform_real_distribution<double>(-0x1p-54, 0x1p-54)(random) * std::fabs(x), 0});
  }

  A k{};
  std::mt19937_64 random{1};
};

TEST(DoubleDouble, KeepsTheLaws) {
  DoubleDoubleSubject subject;
  EXPECT_EQ(laws::violated(laws::check(subject, 1000)), "");
}

const Mpfr kWide(300);

Mpfr::Number wide(const Number& x) { return kWide.add(kWide.number(x.high), kWide.number(x.low)); }

// |got - exact| / |exact|.
double relative_error(const Number& got, const Mpfr::Number& exact) {
  return std::fabs(kWide.div(kWide.sub(wide(got), exact), exact).convert_to<double>());
}

TEST(DoubleDouble, KeepsItsErrorBounds) {
  constexpr double u2 = 0x1p-106;
  DoubleDoubleSubject subject;
  const DoubleDouble& k = subject.k;
  double worst = 0;
  for (int i = 0; i < 20000; ++i) {
    const Number x = subject.number();
    const Number y = subject.number();
    worst = std::max(worst, relative_error(k.mul(x, y), kWide.mul(wide(x), wide(y))));
    EXPECT_LE(relative_error(k.add(x, y), kWide.add(wide(x), wide(y))), 3.001 * u2);
    EXPECT_LE(relative_error(k.mul(x, y), kWide.mul(wide(x), wide(y))), 7 * u2);
    EXPECT_LE(relative_error(k.div(x, y), kWide.div(wide(x), wide(y))), 15.001 * u2);
  }
  EXPECT_GT(worst, u2);  // so the comparison sees errors of this size
}

TEST(DoubleDouble, HasAnExponentialOf98Bits) {
  DoubleDoubleSubject subject;
  for (int i = 0; i < 5000; ++i) {
    const Number s = subject.draw(i % 2 == 0 ? -650 : -2, i % 2 == 0 ? 650 : 2);
    ASSERT_LE(relative_error(subject.k.exp(s), kWide.exp(wide(s))), 0x1p-98) << s.high;
  }
  EXPECT_EQ(subject.k.exp({-800, 0}).high, 0);
}

// Closer to 300 bits than double can be. Each of 64 keys passes at most 64 merges; each errs by an
// exponential (2^-98), its shift (3 u^2 times a gap of at most 16) and three operations (25 u^2): below
// 2^-97. Twice over, for numerator and denominator, with values of size 4.
TEST(DoubleDouble, RunsTheRecurrenceToNinetyBits) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal(0, 2);
  std::vector<double> scores;
  std::vector<double> values;
  for (int j = 0; j < 64; ++j) {
    scores.push_back(normal(random));
    values.push_back(std::clamp(normal(random), -4.0, 4.0));
  }
  const auto output = [&](const auto& k, const auto& number) {
    using A = std::decay_t<decltype(k)>;
    std::vector<typename A::Score> s;
    std::vector<std::vector<typename A::Acc>> v;
    for (std::size_t j = 0; j < scores.size(); ++j) {
      s.push_back(number(scores[j]));
      v.push_back({number(values[j])});
    }
    return finalize(k, *run(k, attention::tree(64), s, v))[0];
  };
  const auto exact = output(kWide, [](double x) { return kWide.number(x); });
  const Number got = output(DoubleDouble{}, [](double x) { return Number{x, 0}; });
  EXPECT_LE(std::fabs(kWide.sub(wide(got), exact).convert_to<double>()), 2 * 64 * 0x1p-97 * 4);
}

}  // namespace
}  // namespace attest::semantics
