#include "oracle/judge/judge.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace attest::oracle {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// One row, q = 0: the output is the mean of 1..keys, lse is ln keys.
Problem mean_problem(std::int64_t keys, DType dtype = DType::f32) {
  Problem p;
  p.q = Tensor(dtype, {1, 1, 1, 1});
  p.k = Tensor(dtype, {1, 1, keys, 1});
  p.v = Tensor(dtype, {1, 1, keys, 1});
  for (std::int64_t j = 0; j < keys; ++j) p.v.set({0, 0, j, 0}, static_cast<double>(j + 1));
  return p;
}

Result answer(const Problem& p, double out, double lse) {
  Result r;
  r.out = Tensor(p.q.dtype(), {1, 1, 1, 1});
  r.out.assign({out});
  r.lse = Tensor(p.lse_dtype(), {1, 1, 1});
  r.lse->assign({lse});
  return r;
}

Judgement judged(const Problem& p, double out, double lse, const char* contract = "") {
  return judge(p, answer(p, out, lse), contract_for(contract, p.q.dtype(), p.k.dtype()));
}

TEST(Judge, TheExactAnswerIsWithin) {
  const Problem p = mean_problem(4);
  const Judgement j = judged(p, 2.5, std::log(4.0));
  EXPECT_EQ(j.out.within, 1);
  EXPECT_EQ(j.lse.within, 1);
  EXPECT_FALSE(j.violated());
  EXPECT_EQ(j.out.ratios.max(), 0);
}

TEST(Judge, ALeakedKeyIsAViolationWithItsNumbers) {
  const Problem p = mean_problem(4);
  const Judgement j = judged(p, 3.0, std::log(4.0));
  ASSERT_EQ(j.out.violated, 1);
  EXPECT_EQ(j.violations.front().got, 3.0);
  EXPECT_EQ(j.violations.front().expected, 2.5);
  EXPECT_NEAR(j.violations.front().ratio, 0.5 / j.violations.front().bound, 1e-6);
  EXPECT_LT(j.violations.front().bound, 1e-5);
}

TEST(Judge, NanAndInfinityAreViolationsNeverEqual) {
  const Problem p = mean_problem(4);
  for (const double bad : {kNaN, HUGE_VAL, -HUGE_VAL}) {
    EXPECT_EQ(judged(p, bad, std::log(4.0)).out.violated, 1);
    EXPECT_EQ(judged(p, 2.5, bad).lse.violated, 1);
  }
}

TEST(Judge, LseInBaseTwoIsAViolation) { EXPECT_EQ(judged(mean_problem(4), 2.5, 2.0).lse.violated, 1); }

std::int64_t rows_decided_by(const Judgement& judgement, Tier tier) {
  return judgement.rows_by_tier[static_cast<std::size_t>(tier)];
}

TEST(Judge, AnF64KernelIsDecidedByTheDoubleDoubleTier) {
  const Problem p = mean_problem(3, DType::f64);
  const Judgement good = judged(p, 2.0, std::log(3.0));
  EXPECT_EQ(good.out.within + good.lse.within, 2);
  EXPECT_EQ(rows_decided_by(good, Tier::double_double), 1);
  EXPECT_TRUE(judged(p, 2.0 + 1e-12, std::log(3.0)).violated());
}

TEST(Judge, ValuesBeyondThePairsRangeAreDecidedByTheIntervalTier) {
  Problem p = mean_problem(3, DType::f64);
  p.v.assign({1e250, 2e250, 3e250});
  const Judgement good = judged(p, 2e250, std::log(3.0));
  EXPECT_EQ(good.out.within + good.lse.within, 2);
  EXPECT_EQ(rows_decided_by(good, Tier::interval), 1);
  EXPECT_TRUE(judged(p, 2.000000000001e250, std::log(3.0)).violated());
}

TEST(Judge, AnF32KernelIsDecidedByTheF64Tier) {
  EXPECT_EQ(rows_decided_by(judged(mean_problem(3), 2.0, std::log(3.0)), Tier::f64), 1);
}

TEST(Judge, AnEmptyRowIsExactlyZeroAndMinusInfinity) {
  Problem p = mean_problem(4);
  p.kv_lens = Tensor(DType::i32, {1});
  EXPECT_FALSE(judged(p, -0.0, -HUGE_VAL).violated());
  EXPECT_EQ(judged(p, 1e-30, -HUGE_VAL).out.violated, 1);
  EXPECT_EQ(judged(p, kNaN, -HUGE_VAL).out.violated, 1);
  EXPECT_EQ(judged(p, 0, -1e30).lse.violated, 1);
  EXPECT_EQ(judged(p, 0, kNaN).lse.violated, 1);
}

TEST(Judge, AnEmptyRowWithASinkHasTheSinkAsItsLse) {
  Problem p = mean_problem(4);
  p.kv_lens = Tensor(DType::i32, {1});
  p.sink = Tensor(DType::f32, {1});
  p.sink->assign({1.5});
  EXPECT_FALSE(judged(p, 0, 1.5).violated());
  EXPECT_EQ(judged(p, 0, 1.6).lse.violated, 1);
}

TEST(Judge, NonFiniteVisibleInputsAreOutOfRangeAndMaskedOnesDoNotMatter) {
  Problem p = mean_problem(4);
  p.v.set({0, 0, 3, 0}, kNaN);
  p.k.set({0, 0, 3, 0}, HUGE_VAL);
  EXPECT_EQ(judged(p, 1, 1).out.out_of_range, 1);
  p.kv_lens = Tensor(DType::i32, {1});
  p.kv_lens->assign({3});
  EXPECT_EQ(judged(p, 2, std::log(3.0)).out.within, 1);
  EXPECT_EQ(judged(p, kNaN, std::log(3.0)).out.violated, 1);
}

TEST(Judge, ScoresThatMayOverflowAreOutOfRange) {
  Problem p = mean_problem(4);
  p.q.assign({1e30});
  p.k.assign({1e30, 1e30, 1e30, 1e30});
  EXPECT_EQ(judged(p, kNaN, kNaN).out.out_of_range, 1);
}

TEST(Judge, ABoundThatEverythingSatisfiesIsUninformative) {
  // f16 sums in any order: (1 + u)^2048 - 1 > 1 at 1024 keys.
  Problem p = mean_problem(1024, DType::f16);
  for (std::int64_t j = 0; j < 1024; ++j) p.v.set({0, 0, j, 0}, static_cast<double>(j % 2));
  const Judgement j = judged(p, 0.5, 6.9, "flash-f16;accumulate_numerator=f16;accumulate_denominator=f16");
  EXPECT_EQ(j.out.uninformative, 1);
  EXPECT_EQ(j.out.ratios.count(), 0);
}

TEST(Judge, AlternativesWidenTheBoundToTheLoosestOfThem) {
  const Problem p = mean_problem(3, DType::bf16);
  const double one = judged(p, 2, 1, "flash-bf16").worst.bound;
  const double both = judged(p, 2, 1, "flash-bf16|unfused-bf16").worst.bound;
  EXPECT_GE(both, one);
}

TEST(RatioHistogram, ItsMedianIsWithinAnEighthOfAnOctave) {
  RatioHistogram h;
  for (int i = 1; i <= 101; ++i) h.add(i * 0.001);
  EXPECT_NEAR(std::log2(h.median() / 0.051), 0, 0.126);
  EXPECT_EQ(h.max(), 0.101);
  h.add(kNaN);
  EXPECT_EQ(h.max(), HUGE_VAL);
}

TEST(RatioHistogram, CountsByOctavesThatEndAtPowersOfTwo) {
  RatioHistogram h;
  EXPECT_TRUE(h.octaves().empty());
  for (const double ratio : {0.5, 0.500001, 1.0, 1.000001, 3.0}) h.add(ratio);
  const auto octaves = h.octaves();
  ASSERT_EQ(octaves.size(), 4U);
  EXPECT_EQ(octaves[0].upper, 0.5);
  EXPECT_EQ(octaves[1].upper, 1);
  EXPECT_EQ(octaves[3].upper, 4);
  EXPECT_EQ(octaves[0].count, 1);
  EXPECT_EQ(octaves[1].count, 2);
  EXPECT_EQ(octaves[2].count, 1);
  EXPECT_EQ(octaves[3].count, 1);
  h.add(0);
  h.add(HUGE_VAL);
  EXPECT_EQ(h.octaves().front().upper, 0x1p-39);
  EXPECT_EQ(h.octaves().back().upper, 0x1p10);
}

TEST(RatiosByLength, KeepsTheLargestOfEachPowerOfTwo) {
  RatiosByLength ratios;
  ratios.add(1, 0.5);
  ratios.add(4, 0.25);
  ratios.add(3, 0.125);
  RatiosByLength more;
  more.add(5, kNaN);
  more.add(4, 0.75);
  ratios.merge(more);
  EXPECT_EQ(ratios.entries()[0].largest, 0.5);
  EXPECT_EQ(ratios.entries()[1].rows, 0);
  EXPECT_EQ(ratios.entries()[2].rows, 3);
  EXPECT_EQ(ratios.entries()[2].largest, 0.75);
  EXPECT_EQ(ratios.entries()[3].largest, HUGE_VAL);
}

// Row i of a causal problem has i + 1 keys; the last row is wrong.
TEST(Judge, KeepsTheLargestRatioByLengthOnBothPaths) {
  Problem p;
  p.q = p.k = p.v = Tensor(DType::f32, {1, 1, 8, 1});
  p.causal = Causal::top_left;
  Result result{Tensor(DType::f32, {1, 1, 8, 1}), std::nullopt};
  result.out.set({0, 0, 7, 0}, 1);
  const ContractSet contract = contract_for("f32", DType::f32, DType::f32);
  for (const Judgement& j : {judge(p, result, contract), judge_by_rows(p, result, contract)}) {
    const auto& entries = j.by_length.entries();
    EXPECT_EQ(entries[0].rows, 1);
    EXPECT_EQ(entries[1].rows, 1);
    EXPECT_EQ(entries[2].rows, 2);
    EXPECT_EQ(entries[3].rows, 4);
    EXPECT_EQ(entries[2].largest, 0);
    EXPECT_GT(entries[3].largest, 1);
  }
}

}  // namespace
}  // namespace attest::oracle
