#include "semantics/z3_rounded.hpp"

#include <concepts>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "attention/online.hpp"
#include "attention/recurrence.hpp"
#include "laws.hpp"
#include "nearest.hpp"
#include "semantics/emulated.hpp"
#include "semantics/rational.hpp"
#include "z3_prover.hpp"

namespace attest::semantics {
namespace {

using laws::Truth;

static_assert(Semantics<Z3Rounded> && !Guards<Z3Rounded>);
static_assert(!std::equality_comparable<Z3Rounded::Score> &&
              !std::constructible_from<bool, Z3Rounded::Score>);
static_assert(!std::equality_comparable<Z3Rounded::Acc> && !std::constructible_from<bool, Z3Rounded::Acc>);

struct Z3RoundedSubject {
  using A = Z3Rounded;
  static constexpr bool kExact = false;
  static constexpr bool kOrdered = true;

  const A& semantics() const { return k; }
  A::Acc number() { return k.value(fresh()); }
  A::Acc nonzero() {
    A::Acc x = number();
    hypotheses.push_back(x.term != 0);
    return x;
  }
  A::Score score() { return k.score(fresh()); }
  Truth same(const A::Acc& x, const A::Acc& y) { return holds(x.term == y.term); }
  Truth same(const A::Score& s, const A::Score& t) { return holds(s.term == t.term); }
  Truth holds(const z3::expr& claim) {
    z3::expr_vector all = k.axioms();
    for (const auto& h : hypotheses) all.push_back(h);
    return follows(all, claim);
  }
  std::string fresh() { return "x" + std::to_string(names++); }

  z3::context context;
  A k{context};
  z3::expr_vector hypotheses{context};
  int names = 0;
};

TEST(Z3Rounded, ProvesTheLawsThatRoundingDoesNotBreak) {
  Z3RoundedSubject subject;
  const auto report = laws::check(subject, 1);
  EXPECT_EQ(laws::violated(report), "");
  EXPECT_EQ(laws::undecided(report), "");
  EXPECT_TRUE(satisfiable(subject.k.axioms()));
}

TEST(Z3Rounded, RefutesThatRoundingChangesNothing) {
  Z3RoundedSubject subject;
  const auto x = subject.number();
  const auto y = subject.number();
  EXPECT_EQ(subject.holds(subject.k.add(x, y).term == x.term + y.term), Truth::no);
}

TEST(Z3Rounded, KnowsThatARoundedSumOfOppositesIsTheOppositeOfTheSum) {
  Z3RoundedSubject subject;
  const auto x = subject.number();
  const auto y = subject.number();
  const Z3Rounded::Acc minus_x{-x.term};
  const Z3Rounded::Acc minus_y{-y.term};
  EXPECT_EQ(subject.holds(subject.k.add(minus_x, minus_y).term == -subject.k.add(x, y).term), Truth::yes);
}

TEST(Z3Rounded, UsesAFactAboutAConstantOfTheFormat) {
  Z3RoundedSubject subject;
  const auto& k = subject.k;
  // In a format of 4 bits 16 + 1 is a tie that rounds to 16, so sums of weights up to 1 stay there.
  const auto l = subject.number();
  const auto p = subject.number();
  subject.hypotheses.push_back(l.term <= 16 && p.term <= 1);
  const z3::expr grown = k.add(l, p).term;
  EXPECT_EQ(subject.holds(grown <= 16), Truth::no);
  k.rounding().know(subject.context.real_val(17), subject.context.real_val(16));
  EXPECT_EQ(subject.holds(grown <= 16), Truth::yes);
}

// Theorem 12 in miniature, on the loop that runs: |o| <= l * max|v| with max|v| = 1 survives rounding.
Truth numerator_stays_within_the_denominator(bool with_axioms) {
  z3::context c;
  const Z3Rounded k(c);
  attention::State<Z3Rounded> state{k.score("m"), k.value("l"), {k.value("o")}};
  const auto v = k.value("v");
  z3::expr_vector assumed(c);
  assumed.push_back(state.o[0].term <= state.l.term && -state.o[0].term <= state.l.term);
  assumed.push_back(v.term <= 1 && v.term >= -1);
  attention::absorb(k, state, std::vector{k.score("s")}, std::vector<std::vector<Z3Rounded::Acc>>{{v}});
  if (with_axioms) {
    for (const auto& axiom : k.axioms()) assumed.push_back(axiom);
    EXPECT_TRUE(satisfiable(assumed));
  }
  return follows(assumed, state.o[0].term <= state.l.term && -state.o[0].term <= state.l.term);
}

TEST(Z3Rounded, ProvesThatTheNumeratorStaysWithinTheDenominatorInEveryFormat) {
  EXPECT_EQ(numerator_stays_within_the_denominator(true), Truth::yes);
  EXPECT_EQ(numerator_stays_within_the_denominator(false), Truth::no);
}

// Interprets rounding and exp by a concrete format on every term that occurs, in the order of their making.
class Interpretation {
 public:
  Interpretation(const Z3Rounded& k, const Format& format)
      : nearest_(format), emulated_(format), terms_(k.context()), numerals_(k.context()) {
    for (const auto& [argument, result] : k.score_rounding().points()) interpret(argument, result);
    for (const auto& [argument, result] : k.rounding().points()) interpret(argument, result);
  }

  Rational::Number value(const z3::expr& term) {
    z3::expr copy = term;
    std::string text;
    EXPECT_TRUE(copy.substitute(terms_, numerals_).simplify().is_numeral(text)) << term;
    return Rational::Number(text);
  }
  /// The equations of all interpreted terms with their values.
  z3::expr_vector equations() const {
    z3::expr_vector all(terms_.ctx());
    for (unsigned i = 0; i < terms_.size(); ++i)
      all.push_back(terms_[static_cast<int>(i)] == numerals_[static_cast<int>(i)]);
    return all;
  }

 private:
  void interpret(const z3::expr& argument, const z3::expr& result) {
    if (!z3::eq(argument, result)) {
      const Rational::Number exact = value(argument);
      const Rational::Number magnitude(nearest_(abs(exact)));
      define(result, exact < 0 ? Rational::Number(-magnitude) : magnitude);
    } else if (result.num_args() == 1 && result.decl().name().str() == "attest_exp") {
      define(result, Rational::Number(emulated_.exp(value(result.arg(0)).convert_to<double>())));
    }
  }
  void define(const z3::expr& term, const Rational::Number& number) {
    terms_.push_back(term);
    numerals_.push_back(terms_.ctx().real_val(number.str().c_str()));
  }

  NearestBySearch nearest_;
  Emulated<> emulated_;
  z3::expr_vector terms_, numerals_;
};

// Two keys in a tile and one more, in any semantics.
template <Semantics A, class Input>
typename A::Acc three_keys(const A& k, const Input& input) {
  using Scores = std::vector<typename A::Score>;
  using Values = std::vector<std::vector<typename A::Acc>>;
  auto state =
      attention::block(k, Scores{{input(0.5)}, {input(-1.25)}}, Values{{{input(3)}}, {{input(-0.75)}}});
  step(k, state, {input(1.5)}, std::vector<typename A::Acc>{{input(1.25)}});
  return finalize(k, state)[0];
}

// Adequacy, and soundness of the axioms: a concrete format satisfies them, and then the output is its run's.
TEST(Z3Rounded, AdmitsTheRoundingOfAConcreteFormatAndThenEqualsItsRun) {
  for (const Format& format : {kFloat1e4m3, kFloat1e5m2, kBinary16}) {
    const double expected = three_keys(Emulated(format), [](double x) { return x; });
    z3::context c;
    const Z3Rounded k(c);
    const auto numeral = [&](double x) {
      const z3::expr number = c.real_val(Rational::Number(x).str().c_str());
      k.score_rounding().fix(number);
      k.rounding().fix(number);
      return number;
    };
    const z3::expr output = three_keys(k, numeral).term;
    Interpretation concrete(k, format);
    EXPECT_EQ(concrete.value(output), Rational::Number(expected)) << format.precision;
    z3::expr_vector all = k.axioms();
    for (const auto& equation : concrete.equations()) all.push_back(equation);
    EXPECT_TRUE(satisfiable(all)) << format.precision;
    all.push_back(output == numeral(expected + 100));
    EXPECT_FALSE(satisfiable(all));
  }
}

}  // namespace
}  // namespace attest::semantics
