#include "semantics/z3_real.hpp"

#include <concepts>

#include <gtest/gtest.h>

#include "attention/recurrence.hpp"
#include "laws.hpp"
#include "semantics/rational.hpp"
#include "z3_prover.hpp"

namespace attest::semantics {
namespace {

using laws::Truth;

static_assert(Semantics<Z3Real> && Guards<Z3Real> && Thresholds<Z3Real> && LogSumExp<Z3Real>);
static_assert(!std::equality_comparable<Z3Real::Score> && !std::constructible_from<bool, Z3Real::Score>);
static_assert(!std::equality_comparable<Z3Real::Acc> && !std::constructible_from<bool, Z3Real::Acc>);
// The trap that the wrappers close.
static_assert(std::constructible_from<bool, z3::expr>);

struct Z3RealSubject {
  using A = Z3Real;
  static constexpr bool kExact = true;
  static constexpr bool kOrdered = true;

  const A& semantics() const { return k; }
  A::Acc number() { return k.value(fresh()); }
  A::Acc nonzero() {
    A::Acc x = number();
    hypotheses.push_back(x.term != 0);
    return x;
  }
  A::Score score() { return k.score(fresh()); }
  Truth same(const A::Acc& x, const A::Acc& y) { return same(x.term, y.term); }
  Truth same(const A::Score& s, const A::Score& t) { return same(s.weight, t.weight); }
  Truth same(const z3::expr& x, const z3::expr& y) {
    z3::expr_vector all(context);
    for (const auto& h : hypotheses) all.push_back(h);
    for (const auto& h : k.hypotheses()) all.push_back(h);
    return follows(all, x == y);
  }
  std::string fresh() { return "x" + std::to_string(names++); }

  z3::context context;
  A k{context};
  z3::expr_vector hypotheses{context};
  int names = 0;
};

TEST(Z3Real, ProvesTheLaws) {
  Z3RealSubject subject;
  const auto report = laws::check(subject, 1);
  EXPECT_EQ(laws::violated(report), "");
  EXPECT_EQ(laws::undecided(report), "");
  EXPECT_TRUE(satisfiable(subject.k.hypotheses()));
}

TEST(Z3Real, RefutesALawThatDoesNotHold) {
  Z3RealSubject subject;
  const auto s = subject.score();
  const auto t = subject.score();
  EXPECT_EQ(subject.same(subject.k.max(s, t), s), Truth::no);
  EXPECT_EQ(subject.same(subject.k.sub(s, t), subject.k.sub(t, s)), Truth::no);
}

// Theorem 1 in miniature: what the solver proves is the recurrence of recurrence.hpp, run on symbols.
TEST(Z3Real, ProvesThatMergeAddsTheSumsThatAStateRepresents) {
  z3::context c;
  const Z3Real k(c);
  const auto state = [&](const std::string& name) {
    return attention::State<Z3Real>{k.score("m" + name), k.value("l" + name), {k.value("o" + name)}};
  };
  const auto a = state("a");
  const auto b = state("b");
  const auto ab = attention::merge(k, a, b);
  const auto sum = [](const attention::State<Z3Real>& s) { return s.m.weight * s.l.term; };
  const auto weighted_sum = [](const attention::State<Z3Real>& s) { return s.m.weight * s.o[0].term; };
  EXPECT_EQ(follows(k.hypotheses(), sum(ab) == sum(a) + sum(b)), Truth::yes);
  EXPECT_EQ(follows(k.hypotheses(), weighted_sum(ab) == weighted_sum(a) + weighted_sum(b)), Truth::yes);
  EXPECT_EQ(follows(k.hypotheses(), sum(ab) == sum(a)), Truth::no);
  EXPECT_EQ(k.divisors().size(), 2U);
  for (const auto& divisor : k.divisors()) EXPECT_EQ(follows(k.hypotheses(), divisor != 0), Truth::yes);
}

// Adequacy: the symbolic run on numerals is the exact run.
template <Semantics A, class Weight, class Number>
typename A::Acc two_tiles_and_a_key(const A& k, const Weight& weight, const Number& number) {
  using Values = std::vector<std::vector<typename A::Acc>>;
  const std::vector<typename A::Score> first{weight("3/7"), weight("5")};
  const std::vector<typename A::Score> second{weight("11/2"), weight("1/13")};
  auto state = merge(k, attention::block(k, first, Values{{number("2/3")}, {number("-7")}}),
                     attention::block(k, second, Values{{number("1/5")}, {number("9")}}));
  step(k, state, weight("6"), std::vector{number("4/11")});
  return finalize(k, state)[0];
}

TEST(Z3Real, AgreesWithTheExactRunOnNumbers) {
  z3::context c;
  const auto symbolic = two_tiles_and_a_key(
      Z3Real(c), [&](const char* text) { return Z3Real::Score{c.real_val(text)}; },
      [&](const char* text) { return Z3Real::Acc{c.real_val(text)}; });
  const auto exact = two_tiles_and_a_key(
      Rational{}, [](const char* text) { return Rational::Score{Rational::Number(text)}; },
      [](const char* text) { return Rational::Number(text); });
  std::string value;
  ASSERT_TRUE(symbolic.term.simplify().is_numeral(value));
  EXPECT_EQ(value, exact.str());
}

}  // namespace
}  // namespace attest::semantics
