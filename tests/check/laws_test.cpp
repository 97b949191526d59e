// The laws' own parts: comparison, exactness, preconditions, sentences.

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "law_problems.hpp"
#include "laws/evaluate.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "laws/relations/compare.hpp"
#include "laws/relations/sentence.hpp"
#include "oracle/contract/exactness.hpp"
#include "plain_kernel.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

using laws::LawStanding;
using oracle::contract_for;
using test::Fault;
using test::plain_kernel;

Problem one_ahead() {
  Problem p = problem(2, {1, 2, 5, 3});
  p.q.assign({1, 2});
  p.k.assign({8, 0.25, 0.125, 1});
  return p;
}

TEST(NaNPropagates, AsksForItWhereAKeyHasMostOfTheWeight) {
  const Problem p = one_ahead();
  EXPECT_EQ(put("NaN propagates", p).standing, LawStanding::held);
  const laws::LawOutcome value = put("NaN propagates", p, Fault::nan_values_skipped);
  ASSERT_EQ(value.standing, LawStanding::broken);
  EXPECT_NE(value.breach->variant.find("NaN in a value"), std::string::npos);
  const laws::LawOutcome score = put("NaN propagates", p, Fault::nan_scores_skipped);
  ASSERT_EQ(score.standing, LawStanding::broken);
  EXPECT_NE(score.breach->variant.find("NaN in a key"), std::string::npos);
  EXPECT_NE(put("NaN propagates", problem(2, {1, 2, 5, 3})).why.find("three quarters"), std::string::npos);
}

// A single score need not be computed, nor one that the scale makes 0.
TEST(NaNPropagates, AsksNothingOfScoresThatDecideNothing) {
  EXPECT_EQ(put("NaN propagates", problem(1, {3}), Fault::nan_scores_skipped).standing, LawStanding::held);
  EXPECT_EQ(put("NaN propagates", problem(1, {3}), Fault::nan_values_skipped).standing, LawStanding::broken);
  Problem zero = one_ahead();
  zero.scale = 0;
  EXPECT_EQ(put("NaN propagates", zero).standing, LawStanding::not_applicable);
}

TEST(NaNPropagates, NotIntoOtherBatchesHeadsOrQueries) {
  const Problem p = one_ahead();
  const oracle::ContractSet set = contract_for("", DType::f32, DType::f32);
  test::ScriptedKernel kernel([](const Problem&, const kernel::RunOptions&) { return std::nullopt; });
  kernel.after = [](const Problem&, kernel::RunOutcome& outcome) {
    std::vector<double> out = outcome.result.out.values();
    for (const double x : outcome.result.out.values()) {
      if (std::isnan(x)) std::fill(out.begin(), out.end(), x);
    }
    outcome.result.out.assign(out);
  };
  laws::Subject subject(kernel, p, set, {});
  const laws::LawOutcome outcome = laws::evaluate(*laws::find_law("NaN propagates"), subject);
  ASSERT_EQ(outcome.standing, LawStanding::broken);
  EXPECT_EQ(outcome.breach->kind, laws::FindingKind::nan);
  EXPECT_EQ(outcome.breach->variant, "NaN in its query");
}

TEST(CompareBits, ZerosAreEqualWhateverTheirSignAndNanIsNot) {
  EXPECT_EQ(laws::compare_bits(result({0, 1}), result({-0.0, 1}), laws::NaNs::skipped).differing, 0);
  EXPECT_EQ(laws::compare_bits(result({0, 1}), result({0, 1 + 0x1p-23}), laws::NaNs::skipped).differing, 1);
  EXPECT_EQ(laws::compare_bits(result({1}), result({NAN}), laws::NaNs::skipped).differing, 1);
  const auto skipped = laws::compare_bits(result({NAN, 1}), result({NAN, 1}), laws::NaNs::skipped);
  EXPECT_EQ(skipped.compared, 1);
  EXPECT_EQ(laws::compare_bits(result({NAN}), result({NAN}), laws::NaNs::bits).differing, 0);
  EXPECT_EQ(laws::compare_bits(result({NAN}), result({1}), laws::NaNs::bits).differing, 1);
  EXPECT_EQ(laws::compare_bits(result({NAN, 1}), result({NAN, 1}), laws::NaNs::bits).compared, 2);
}

TEST(CompareBits, PutsNanAndTheFarthestFirst) {
  const laws::Comparison c = laws::compare_bits(result({1, 1, 1}), result({2, NAN, 9}), laws::NaNs::skipped);
  ASSERT_EQ(c.worst.size(), 3U);
  EXPECT_TRUE(std::isnan(c.worst[0].got));
  EXPECT_EQ(c.worst[1].got, 9);
  EXPECT_EQ(c.worst[1].i, 2);
}

TEST(SharesStorage, SeesRepeatedAxesBehindPadding) {
  EXPECT_FALSE(laws::shares_storage(Tensor(DType::f32, {2, 3, 4})));
  EXPECT_FALSE(laws::shares_storage(Tensor(DType::f32, {2, 3, 4}, {30, 9, 1})));
  EXPECT_FALSE(laws::shares_storage(Tensor(DType::f32, {2, 3, 4}, {12, 1, 3})));
  EXPECT_TRUE(laws::shares_storage(Tensor(DType::f32, {2, 3, 4}, {50, 0, 9})));
  EXPECT_TRUE(laws::shares_storage(Tensor(DType::f32, {2, 3, 4}, {12, 3, 1})));
  EXPECT_FALSE(laws::shares_storage(Tensor(DType::f32, {2, 1, 4}, {4, 0, 1})));
}

TEST(Exactness, FollowsTheFormatsOfTheContract) {
  const oracle::ContractSet f32 = contract_for("f32", DType::f32, DType::f32);
  EXPECT_TRUE(oracle::why_weights_round(f32).empty());
  EXPECT_TRUE(oracle::sum_is_exact(f32, 0x1p24));
  EXPECT_FALSE(oracle::sum_is_exact(f32, 0x1p24 + 2));
  EXPECT_TRUE(oracle::value_is_exact(f32, 1 + 0x1p-23, DType::f32));
  EXPECT_FALSE(oracle::value_is_exact(f32, 1 + 0x1p-23, DType::f16));
  EXPECT_TRUE(oracle::value_is_exact(f32, 0x1p-140, DType::f32));
  const auto flushing = contract_for("f32;underflow=flush-outputs", DType::f32, DType::f32);
  EXPECT_FALSE(oracle::value_is_exact(flushing, 0x1p-140, DType::f32));
  const oracle::ContractSet lazy = contract_for("f32;tau=8", DType::f32, DType::f32);
  EXPECT_FALSE(oracle::why_weights_round(lazy).empty());
  const oracle::ContractSet split = contract_for("f32;splits=4;merge=lse", DType::f32, DType::f32);
  EXPECT_FALSE(oracle::why_weights_round(split).empty());
  const auto counting = contract_for("flash-bf16;accumulate_denominator=bf16", DType::bf16, DType::bf16);
  EXPECT_TRUE(oracle::count_is_exact(counting, 256));
  EXPECT_FALSE(oracle::count_is_exact(counting, 512));
  const auto units = contract_for("f32;accumulate_numerator.order=block-fma:8", DType::f32, DType::f32);
  EXPECT_FALSE(oracle::sum_is_exact(units, 0x1p24));
  EXPECT_TRUE(oracle::sum_is_exact(units, 0x1p23));
}

// Declined, not examined and held are three things.
TEST(Evaluate, TellsDeclinedCallsFromThoseThatWereNotAsked) {
  const Problem p = problem(2, {1, 2, 5});
  const oracle::ContractSet set = contract_for("", DType::f32, DType::f32);
  const laws::Law& law = *laws::find_law("value scaling");
  const auto outcome_of = [&](test::ScriptedKernel& kernel, bool asks) {
    laws::Subject subject(kernel, p, set, {});
    subject.ask_only([=](const Problem&) { return asks; });
    return laws::evaluate(law, subject);
  };
  test::ScriptedKernel taking([](const Problem&, const kernel::RunOptions&) { return std::nullopt; });
  EXPECT_EQ(outcome_of(taking, true).standing, LawStanding::held);
  EXPECT_EQ(outcome_of(taking, true).left_out, 0);
  const std::int64_t before = taking.calls;
  const laws::LawOutcome left_out = outcome_of(taking, false);
  EXPECT_EQ(left_out.standing, LawStanding::not_examined);
  EXPECT_GT(left_out.left_out, 0);
  EXPECT_EQ(taking.calls, before + 1) << "the base call";
  bool first = true;
  test::ScriptedKernel declining(
      [&](const Problem&, const auto&) { return test::declined_if(!std::exchange(first, false)); });
  const laws::LawOutcome declined = outcome_of(declining, true);
  EXPECT_EQ(declined.standing, LawStanding::declined);
  EXPECT_EQ(declined.left_out, 0);
}

TEST(Laws, AreNamedOnceAndFound) {
  for (const laws::Law& law : laws::kernel_laws()) {
    EXPECT_EQ(laws::find_law(law.name), laws::find_law(std::string(law.name)));
    EXPECT_FALSE(law.statement.empty());
    EXPECT_FALSE(law.on_kernels.empty());
  }
  EXPECT_EQ(laws::find_law("none such"), nullptr);
}

TEST(Laws, SayWhyTheyDoNotApply) {
  EXPECT_EQ(put("masking", problem(1, {1, 2})).why, "every key is seen by some row");
  EXPECT_EQ(put("empty", problem(1, {1, 2})).why, "every row sees a key");
  EXPECT_EQ(put("constant value", problem(1, {1, 2})).why, "the visible values of some channel differ");
  EXPECT_EQ(put("single key", problem(1, {1, 2})).why, "no row has exactly one visible key and no sink");
  Problem quiet = problem(1, {1, 2});
  quiet.want_lse = false;
  EXPECT_EQ(put("lse", quiet).why, "lse is not requested");
  EXPECT_EQ(put("uniform", problem(1, {1, 2, 3})).standing, LawStanding::not_applicable);
  EXPECT_EQ(put("uniform", problem(1, {1, 2})).standing, LawStanding::held);
}

TEST(Laws, SeeALastBitWhereTheBoundCannot) {
  const Problem p = problem(1, {1, 2, 3, 4});
  EXPECT_EQ(put("definition", p, Fault::last_bit).standing, LawStanding::held);
  const laws::LawOutcome uniform = put("uniform", p, Fault::last_bit);
  ASSERT_EQ(uniform.standing, LawStanding::broken);
  EXPECT_EQ(uniform.breach->elements.front().expected, 2.5);
  EXPECT_EQ(uniform.breach->elements.front().bound, 0);
  const laws::LawOutcome single = put("single key", problem(1, {3}), Fault::last_bit);
  EXPECT_EQ(single.standing, LawStanding::broken);
  // Under a lazy rescale correct kernels differ in that bit.
  EXPECT_EQ(put("single key", problem(1, {3}), Fault::last_bit, "f32;tau=8").standing, LawStanding::held);
}

TEST(Laws, SingleKeyAllowsRoundingWhenTheScoreIsNotZero) {
  Problem p = problem(1, {3});
  p.q.assign({1});
  p.k.assign({0.3});
  EXPECT_EQ(put("single key", p, Fault::last_bit).standing, LawStanding::held);
  EXPECT_EQ(put("single key", p, Fault::last_bit).bitwise, std::optional(false));
  EXPECT_EQ(put("single key", p).bitwise, std::optional(true));
}

TEST(Laws, MaskingChangesOnlyKeysThatNoRowSees) {
  Problem p = problem(2, {1, 2, 3, 4});
  p.causal = Causal::top_left;
  p.q.assign({1, 1});
  p.k.assign({0.5, 0.25, 0.125, 1});
  const oracle::ContractSet contract = contract_for("", DType::f32, DType::f32);
  const std::vector<laws::Call> calls = laws::find_law("masking")->calls(p, contract);
  ASSERT_EQ(calls.size(), 3U);
  for (const auto& call : calls) {
    EXPECT_EQ(call.problem.v.at({0, 0, 0, 0}), 1) << call.variant;
    EXPECT_EQ(call.problem.k.at({0, 0, 1, 0}), 0.25) << call.variant;
    EXPECT_NE(call.problem.v.at({0, 0, 2, 0}), 3) << call.variant;
    EXPECT_NE(call.problem.k.at({0, 0, 3, 0}), 1) << call.variant;
    EXPECT_EQ(why_invalid(call.problem), "");
  }
  EXPECT_GT(calls[2].problem.k.at({0, 0, 2, 0}), 30) << "its logit dominates";
  EXPECT_EQ(put("masking", p).standing, LawStanding::held);
  EXPECT_EQ(put("masking", p, Fault::one_key_too_far).standing, LawStanding::broken);
}

TEST(Laws, EmptyAsksForZeroAndMinusInfinity) {
  Problem p = problem(3, {1});
  p.causal = Causal::bottom_right;
  EXPECT_EQ(put("empty", p).standing, LawStanding::held);
  const laws::LawOutcome outcome = put("empty", p, Fault::nan_on_empty);
  ASSERT_EQ(outcome.standing, LawStanding::broken);
  EXPECT_EQ(outcome.breach->kind, laws::FindingKind::nan);
  EXPECT_EQ(outcome.breach->summary, "returns nan where row 0 must be 0, because it sees no key");
}

TEST(Laws, RepeatTellsNondeterminismFromUninitialisedMemory) {
  const Problem p = problem(1, {1, 2});
  EXPECT_EQ(put("repeat", p).bitwise, std::optional(true));
  EXPECT_EQ(put("repeat", p, Fault::keeps_state).breach->kind, laws::FindingKind::nondeterministic);
  EXPECT_EQ(put("repeat", p, Fault::reads_output).breach->kind, laws::FindingKind::uninitialised);
}

TEST(Laws, RangeNamesTheValuesThatWereThere) {
  Problem p = problem(1, {2, 3});
  const laws::LawOutcome outcome = put("range", p, Fault::zeros);
  ASSERT_EQ(outcome.standing, LawStanding::broken);
  EXPECT_EQ(outcome.breach->summary, "returns 0 where row 0 sees only values from 2 to 3");
  p.sink = Tensor(DType::f32, {1});
  EXPECT_EQ(put("range", p, Fault::zeros).standing, LawStanding::held) << "a sink pulls towards 0";
}

// An eighth of the smallest normal numbers of f16 is rounded: other values, other results.
TEST(Laws, ValueScalingAsksForValuesThatCanBeScaled) {
  const auto why = [](double v) {
    return laws::find_law("value scaling")
        ->why_not(problem(1, {v, 1}, DType::f16), contract_for("flash-f16", DType::f16, DType::f16));
  };
  EXPECT_EQ(why(0x1p-14), "");
  EXPECT_NE(why(0x1.004p-14), "");
}

TEST(Laws, LseInBaseTwoIsNamed) {
  const laws::LawOutcome outcome = put("lse", problem(1, {2, 3, 4}), Fault::lse_base2);
  ASSERT_EQ(outcome.standing, LawStanding::broken);
  EXPECT_NE(outcome.breach->summary.find("ln 3"), std::string::npos) << outcome.breach->summary;
  EXPECT_NE(outcome.breach->summary.find("as if in base 2"), std::string::npos) << outcome.breach->summary;
}

TEST(Sentence, TellsClosedForms) {
  const Problem p = problem(1, {1, 2, 3, 4});
  const oracle::Element e{{}, oracle::Standing::violated, 1.5, 2.5, 0, HUGE_VAL};
  EXPECT_EQ(laws::value_sentence(p, e),
            "returns 1.5 where row 0 must be 2.5, the mean of the visible values 1, 2, 3, 4");
  const oracle::Element close{{}, oracle::Standing::violated, 2.5 + 0x1p-22, 2.5, 0, HUGE_VAL};
  EXPECT_EQ(laws::change_sentence(p, close), "turn row 0 from 2.5 into 2.5000002");
}

// A key that dominates a row of tiny queries would overflow in a row of ordinary ones: beyond what any kernel
// promises.
TEST(Masking, DominatingKeysOverflowNoScoreOfAnyRow) {
  Problem p = problem(2, {0, 0});
  p.q.assign({2, 0x1p-126});
  p.scale = 2.1213203435596424;
  p.kv_lens = Tensor(DType::i32, {1});
  p.kv_lens->assign({1});
  const oracle::ContractSet set = contract_for("", DType::f32, DType::f32);
  int changed = 0;
  for (const auto& call : laws::find_law("masking")->calls(p, set)) {
    const double key = call.problem.k.at({0, 0, 1, 0});
    if (key == 0) continue;
    ++changed;
    EXPECT_LE(std::fabs(2 * key * p.scale), kBinary32.max_finite() / 8) << call.variant;
  }
  EXPECT_GT(changed, 1);
}

}  // namespace
}  // namespace attest::check
