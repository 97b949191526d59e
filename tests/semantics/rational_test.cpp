#include "semantics/rational.hpp"

#include <random>

#include <gtest/gtest.h>

#include "laws.hpp"

namespace attest::semantics {
namespace {

struct RationalSubject {
  using A = Rational;
  static constexpr bool kExact = true;
  static constexpr bool kOrdered = true;

  const A& semantics() const { return k; }
  A::Acc number() {
    std::uniform_int_distribution<int> integer(-9, 9);
    return A::Acc(integer(random), std::uniform_int_distribution<int>(1, 9)(random));
  }
  A::Acc nonzero() {
    A::Acc x = number();
    return x == 0 ? A::Acc(1) : x;
  }
  A::Score score() { return {abs(nonzero())}; }
  laws::Truth same(const A::Acc& x, const A::Acc& y) const {
    return x == y ? laws::Truth::yes : laws::Truth::no;
  }
  laws::Truth same(const A::Score& s, const A::Score& t) const { return same(s.weight, t.weight); }

  A k{};
  std::mt19937_64 random{1};
};

static_assert(Semantics<Rational> && Guards<Rational> && Thresholds<Rational> && LogSumExp<Rational>);
// A score cannot be taken for an accumulator: adding weights where scores are shifted does not compile.
static_assert(!std::convertible_to<Rational::Score, Rational::Acc>);

TEST(Rational, KeepsTheLawsExactly) {
  RationalSubject subject;
  const auto report = laws::check(subject, 300);
  EXPECT_EQ(laws::violated(report), "");
  EXPECT_EQ(laws::undecided(report), "");
}

TEST(Rational, RefusesToDivideByZero) {
  const Rational k;
  EXPECT_THROW(k.div(k.one(), k.zero()), std::overflow_error);
  EXPECT_THROW(k.sub(k.origin(), k.masked()), std::overflow_error);
}

}  // namespace
}  // namespace attest::semantics
