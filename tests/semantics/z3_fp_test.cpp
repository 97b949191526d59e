#include "semantics/z3_fp.hpp"

#include <bit>
#include <concepts>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "attention/guarded.hpp"
#include "attention/run.hpp"
#include "laws.hpp"
#include "nearest.hpp"
#include "semantics/emulated.hpp"
#include "z3_prover.hpp"

namespace attest::semantics {
namespace {

using laws::Truth;

static_assert(Semantics<Z3Fp> && Guards<Z3Fp> && Thresholds<Z3Fp>);
static_assert(!std::equality_comparable<Z3Fp::Score> && !std::constructible_from<bool, Z3Fp::Score>);
static_assert(!std::equality_comparable<Z3Fp::Acc> && !std::constructible_from<bool, Z3Fp::Acc>);

bool identical(double x, double y) {
  if (std::isnan(x) || std::isnan(y)) return std::isnan(x) && std::isnan(y);
  return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
}

TEST(Z3Numeral, IsReadBackAsWrittenForEveryValueOfTheSmallFormats) {
  z3::context c;
  for (const Format& format : {kFloat1e4m3, kFloat1e5m2, kBinary16, kBfloat16}) {
    const auto values = NearestBySearch(format).magnitudes();
    for (std::size_t i = 0; i < values.size(); i += 1 + values.size() / 400) {
      ASSERT_TRUE(identical(z3_value(z3_numeral(c, format, values[i]), format), values[i])) << values[i];
      ASSERT_TRUE(identical(z3_value(z3_numeral(c, format, -values[i]), format), -values[i])) << values[i];
    }
    for (const double x : {HUGE_VAL, -HUGE_VAL, std::nan(""), format.max_finite(), format.min_subnormal()}) {
      ASSERT_TRUE(identical(z3_value(z3_numeral(c, format, x), format), x)) << x;
    }
  }
}

TEST(Z3Numeral, RefusesATermThatIsNotANumber) {
  z3::context c;
  EXPECT_THROW(z3_value(c.constant("x", z3_sort(c, kBinary16)), kBinary16), std::invalid_argument);
}

struct Z3FpSubject {
  using A = Z3Fp;
  static constexpr bool kExact = false;
  static constexpr bool kOrdered = true;

  const A& semantics() const { return k; }
  A::Acc number() { return {fresh(-96, 96)}; }
  A::Acc nonzero() { return {fresh(1, 96)}; }
  A::Score score() { return {fresh(-96, 96)}; }
  Truth same(const A::Acc& x, const A::Acc& y) { return same(x.term, y.term); }
  Truth same(const A::Score& s, const A::Score& t) { return same(s.term, t.term); }
  // IEEE equality: no NaN, and 0 equals -0.
  Truth same(const z3::expr& x, const z3::expr& y) {
    z3::expr_vector all(context);
    for (const auto& h : hypotheses) all.push_back(h);
    for (const auto& axiom : exponential.axioms()) all.push_back(axiom);
    return follows(all, z3::fp_eq(x, y));
  }
  z3::expr fresh(int low, int high) {
    const z3::expr x = k.value("x" + std::to_string(names++)).term;
    hypotheses.push_back(k.numeral(low) <= x && x <= k.numeral(high));
    return x;
  }

  z3::context context;
  ContractExp exponential{context, kFloat1e4m3};
  A k{context, kFloat1e4m3, exponential};
  z3::expr_vector hypotheses{context};
  int names = 0;
};

TEST(Z3Fp, ProvesTheLawsForAllEightBitNumbers) {
  Z3FpSubject subject;
  const auto report = laws::check(subject, 1);
  EXPECT_EQ(laws::violated(report), "");
  EXPECT_EQ(laws::undecided(report), "");
  EXPECT_TRUE(satisfiable(subject.exponential.axioms()));
}

TEST(Z3Fp, RefutesThatAdditionIsAssociative) {
  Z3FpSubject subject;
  const auto& k = subject.k;
  const auto x = subject.number();
  const auto y = subject.number();
  const auto z = subject.number();
  EXPECT_EQ(subject.same(k.add(k.add(x, y), z), k.add(x, k.add(y, z))), Truth::no);
}

// The exponential of the contract is not known beyond it.
TEST(ContractExp, PromisesItsContractAndNoMore) {
  Z3FpSubject subject;
  const z3::expr x = subject.score().term;
  const z3::expr y = subject.exponential(x);
  const auto known = [&](const z3::expr& claim) {
    z3::expr_vector all(subject.context);
    for (const auto& axiom : subject.exponential.axioms()) all.push_back(axiom);
    return follows(all, claim);
  };
  const auto number = [&](double value) { return subject.k.numeral(value); };
  EXPECT_EQ(known(z3::implies(x <= number(0), y <= number(1) && y >= number(0))), Truth::yes);
  EXPECT_EQ(known(z3::implies(z3::fp_eq(x, number(-HUGE_VAL)), z3::fp_eq(y, number(0)))), Truth::yes);
  EXPECT_EQ(known(z3::implies(x.mk_is_nan(), y.mk_is_nan())), Truth::yes);
  EXPECT_EQ(known(z3::implies(x < number(-4), y < number(1))), Truth::no);
  EXPECT_EQ(known(z3::implies(x >= number(0), y >= number(1))), Truth::no);
}

// An exponential that writes down what it was asked.
struct RecordingExp {
  Format format;
  std::map<double, double>* table;
  double operator()(double x) const {
    const double y = round_to(format, std::exp(x));
    if (!std::isnan(x)) (*table)[x] = y;
    return y;
  }
};

// A row through every variant: two guarded tiles, the second fully masked at will, a merge, a step, an
// output.
template <Guards A, class Input>
std::vector<typename A::Acc> guarded_program(const A& k, const Input& input, bool mask_second) {
  using Scores = std::vector<typename A::Score>;
  using Values = std::vector<std::vector<typename A::Acc>>;
  auto state = attention::empty_state(k, 1);
  guarded_absorb(k, state, Scores{{input(0)}, {input(1)}}, Values{{{input(2)}}, {{input(3)}}});
  auto other = attention::empty_state(k, 1);
  const Scores second = mask_second ? Scores{k.masked(), k.masked()} : Scores{{input(4)}, {input(5)}};
  guarded_absorb(k, other, second, Values{{{input(6)}}, {{input(7)}}});
  guarded_merge_into(k, state, other);
  step(k, state, {input(8)}, std::vector<typename A::Acc>{{input(9)}});
  auto output = guarded_finalize(k, state);
  output.push_back(state.l);
  return output;
}

struct Outputs {
  std::vector<double> native, symbolic;
};

// One exponential table for both runs.
Outputs run_both(const Format& format, const Format& probability, const std::vector<double>& inputs,
                 bool masked) {
  std::map<double, double> table;
  const Emulated emulated(format, format, probability, RecordingExp{format, &table});
  Outputs outputs;
  outputs.native = guarded_program(
      emulated, [&](std::size_t i) { return inputs[i]; }, masked);
  z3::context c;
  const Z3Fp symbolic(c, format, probability, TableExp(format, {table.begin(), table.end()}));
  const auto numeral = [&](std::size_t i) { return symbolic.numeral(inputs[i]); };
  for (const auto& output : guarded_program(symbolic, numeral, masked)) {
    outputs.symbolic.push_back(z3_value(output.term, format));
  }
  return outputs;
}

std::vector<double> draw_inputs(const Format& format, std::mt19937_64& random) {
  std::normal_distribution<double> normal(0, 3);
  std::vector<double> inputs(10);
  for (double& x : inputs) x = round_to(format, normal(random));
  return inputs;
}

// Adequacy: the term that is proved about evaluates to the bits of the program that runs.
TEST(Z3Fp, EvaluatesToTheBitsOfTheEmulatedRunInEveryFormat) {
  std::mt19937_64 random(1);
  for (const Format& format : {kFloat1e4m3, kFloat1e5m2, kBinary16, kBfloat16, kBinary32}) {
    for (int i = 0; i < 8; ++i) {
      const auto outputs = run_both(format, format, draw_inputs(format, random), i % 2 == 0);
      for (std::size_t j = 0; j < 2; ++j) {
        EXPECT_TRUE(identical(outputs.native[j], outputs.symbolic[j])) << format.precision << " " << i;
        EXPECT_FALSE(std::isnan(outputs.native[j]));
      }
    }
  }
}

TEST(Z3Fp, EvaluatesToTheBitsOfTheEmulatedRunWithNarrowProbabilities) {
  std::mt19937_64 random(2);
  int differing = 0;
  for (int i = 0; i < 20; ++i) {
    const auto inputs = draw_inputs(kBinary32, random);
    const auto narrow = run_both(kBinary32, kBfloat16, inputs, false);
    EXPECT_TRUE(identical(narrow.native[0], narrow.symbolic[0]));
    differing += narrow.symbolic == run_both(kBinary32, kBinary32, inputs, false).symbolic ? 0 : 1;
  }
  EXPECT_GT(differing, 10);
}

TEST(Z3Fp, EvaluatesToTheBitsOfTheEmulatedRunOnInfinitiesSubnormalsAndNan) {
  std::mt19937_64 random(3);
  const Format format = kBinary16;
  const std::vector<double> special{
      HUGE_VAL, -HUGE_VAL, std::nan(""),        format.max_finite(), format.min_subnormal(),
      0.0,      -0.0,      -format.max_finite()};
  std::uniform_int_distribution<std::size_t> any(0, special.size() - 1);
  int nans = 0;
  for (int i = 0; i < 60; ++i) {
    auto inputs = draw_inputs(format, random);
    inputs[any(random)] = special[any(random)];
    inputs[9] = special[any(random)];
    const auto outputs = run_both(format, format, inputs, false);
    for (std::size_t j = 0; j < 2; ++j) EXPECT_TRUE(identical(outputs.native[j], outputs.symbolic[j])) << i;
    nans += std::isnan(outputs.native[0]) ? 1 : 0;
  }
  EXPECT_GT(nans, 5);
  EXPECT_LT(nans, 60);
}

// A different maximum is a different program, and it shows: fp.max passes over a NaN on either side.
TEST(Z3Fp, HasTheMaximumOfTheNativeRunOnNan) {
  z3::context c;
  const Z3Fp k(c, kBinary16, ContractExp(c, kBinary16));
  const auto score = [&](double x) { return Z3Fp::Score{k.numeral(x)}; };
  EXPECT_TRUE(std::isnan(z3_value(k.max(score(std::nan("")), score(1)).term, kBinary16)));
  EXPECT_EQ(z3_value(k.max(score(1), score(std::nan(""))).term, kBinary16), 1);
  EXPECT_EQ(z3_value(z3::max(score(std::nan("")).term, score(1).term), kBinary16), 1);
}

}  // namespace
}  // namespace attest::semantics
