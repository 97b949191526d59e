// Every output is looked at, also those of rows that a sample leaves out.
#include "oracle/sample/output_scan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "oracle/judge/judge.hpp"

namespace attest::oracle {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
using Rows = std::vector<std::int64_t>;

// Two heads over one kv head; channel 0 holds 0, channel 1 the values 1 to 2. Queries are 0.
Problem two_heads(std::int64_t q_len = 40, std::int64_t kv_len = 40) {
  Problem p;
  p.q = Tensor(DType::f32, {1, 2, q_len, 1});
  p.k = Tensor(DType::f32, {1, 1, kv_len, 1});
  p.v = Tensor(DType::f32, {1, 1, kv_len, 2});
  for (std::int64_t j = 0; j < kv_len; ++j) p.v.set({0, 0, j, 1}, j % 2 == 0 ? 1 : 2);
  return p;
}

// Correct, as half of the keys hold 1 and half 2.
Result means(const Problem& p) {
  Result r;
  r.out = Tensor(p.q.dtype(), {1, 2, p.q_len(), 2});
  r.lse = Tensor(p.lse_dtype(), {1, 2, p.q_len()});
  for (std::int64_t h = 0; h < 2; ++h) {
    for (std::int64_t i = 0; i < p.q_len(); ++i) {
      r.out.set({0, h, i, 1}, 1.5);
      r.lse->set({0, h, i}, std::log(static_cast<double>(p.kv_len())));
    }
  }
  return r;
}

TEST(OutputScan, FindsNothingInCorrectOutputs) {
  const Problem p = two_heads();
  const OutputScan scan = scan_outputs(p, means(p));
  EXPECT_EQ(scan.not_finite, Rows{});
  EXPECT_EQ(scan.outside, Rows{});
}

TEST(OutputScan, FindsWhatIsNoNumberAndWhatLeavesTheRange) {
  const Problem p = two_heads();
  Result r = means(p);
  r.out.set({0, 0, 3, 1}, kNaN);
  r.out.set({0, 0, 5, 1}, -HUGE_VAL);
  r.lse->set({0, 0, 7}, kNaN);
  r.lse->set({0, 1, 1}, HUGE_VAL);
  r.out.set({0, 1, 2, 1}, 2.001);
  r.out.set({0, 1, 4, 1}, 0);
  r.out.set({0, 1, 6, 0}, 1e-30);
  r.out.set({0, 1, 8, 1}, 2 * (1 + 0x1p-23));  // a rounding
  const OutputScan scan = scan_outputs(p, r);
  EXPECT_EQ(scan.not_finite, (Rows{3, 5, 7, 41}));
  EXPECT_EQ(scan.outside, (Rows{42, 44, 46}));
}

TEST(OutputScan, LetsRowsThatMayBeEmptyBeZero) {
  Problem p = two_heads();
  Result r = means(p);
  r.out.set({0, 0, 0, 1}, 0);
  EXPECT_EQ(scan_outputs(p, r).outside, Rows{0});
  p.window_right = -1;
  p.causal = Causal::bottom_right;
  p.kv_lens = Tensor(DType::i32, {1});
  p.kv_lens->assign({4});  // row 0 sees no key, the last rows do
  r.out.set({0, 0, 39, 1}, 0);
  EXPECT_EQ(scan_outputs(p, r).outside, Rows{39});
  p.kv_lens.reset();
  p.mask = Tensor(DType::u8, {1, 1, 40, 40});
  EXPECT_EQ(scan_outputs(p, r).outside, Rows{});
}

TEST(OutputScan, TakesNoRangeFromValuesThatAreNoNumbers) {
  Problem p = two_heads();
  p.v.set({0, 0, 0, 1}, HUGE_VAL);
  p.v.set({0, 0, 1, 1}, kNaN);
  Result r = means(p);
  r.out.set({0, 0, 9, 1}, 3);
  EXPECT_EQ(scan_outputs(p, r).outside, Rows{9});
}

std::int64_t unsampled_row(const Problem& p, const RowSample& sample) {
  const RowSelection selection = select_rows(p, sample);
  for (std::int64_t i = 1; i < p.q_len(); ++i) {
    const Rows& rows = selection.heads.front().rows;
    if (std::find(rows.begin(), rows.end(), i) == rows.end()) return i;
  }
  return -1;
}

TEST(SuspiciousRows, AreJudgedBesideTheSample) {
  const Problem p = two_heads();
  const ContractSet contract = contract_for("f32", DType::f32, DType::f32);
  const RowSample sample{8, 5};
  const std::int64_t row = unsampled_row(p, sample);
  Result r = means(p);
  r.out.set({0, 0, row, 1}, kNaN);
  EXPECT_FALSE(judge(p, r, contract, {.sample = sample}).violated());
  const Judgement found = judge(p, r, contract, {.sample = sample, .suspicious_rows = 4});
  ASSERT_EQ(found.out.violated, 1);
  EXPECT_EQ(found.violations.front().i, row);
  EXPECT_EQ(found.coverage.judged, 9);
  EXPECT_EQ(found.coverage.fixed, judge(p, r, contract, {.sample = sample}).coverage.fixed + 1);
  EXPECT_EQ(found.coverage.suspicious, 0);
}

// A suspect is no verdict: the mean of values that differ by an ulp may leave their range.
TEST(SuspiciousRows, AreJudgedAsAnyOther) {
  Problem p = two_heads();
  const ContractSet contract =
      contract_for("f32;exp_rel=0.001;accumulate_numerator=f16", DType::f32, DType::f32);
  Result r = means(p);
  for (std::int64_t j = 0; j < 40; ++j) p.v.set({0, 0, j, 1}, 1.5);
  r.out.set({0, 0, 20, 1}, 1.5001);
  ASSERT_EQ(scan_outputs(p, r).outside, Rows{20});
  EXPECT_FALSE(judge(p, r, contract, {.sample = RowSample{2, 5}, .suspicious_rows = 4}).violated());
}

TEST(SuspiciousRows, AreLimitedAndTheOthersCounted) {
  const Problem p = two_heads();
  const ContractSet contract = contract_for("f32", DType::f32, DType::f32);
  Result r = means(p);
  for (std::int64_t i = 0; i < 40; ++i) r.out.set({0, 0, i, 1}, i < 10 ? kNaN : 7.0);
  const RowSample sample{2, 5};
  const Judgement j = judge(p, r, contract, {.max_violations = 100, .sample = sample, .suspicious_rows = 16});
  std::int64_t sampled = 0;  // of the suspects
  for (const HeadRows& head : select_rows(p, sample).heads) {
    if (head.h == 0) sampled += static_cast<std::int64_t>(head.rows.size());
  }
  EXPECT_EQ(j.out.violated, 16 + sampled);
  EXPECT_EQ(j.coverage.judged, 18);
  EXPECT_EQ(j.coverage.suspicious, 40 - 16 - sampled);
  std::int64_t not_numbers = 0;
  for (const Element& e : j.violations) not_numbers += std::isnan(e.got) ? 1 : 0;
  EXPECT_EQ(not_numbers, 10) << "these come first";
}

TEST(Affordable, SamplesLargeProblemsAlone) {
  EXPECT_FALSE(affordable(two_heads(), {}).sample.has_value());
  const Problem large = two_heads(2048, 2048);
  const JudgeOptions options = affordable(large, {.max_violations = 3});
  ASSERT_TRUE(options.sample.has_value());
  EXPECT_EQ(options.max_violations, 3U);
  EXPECT_EQ(options.sample->seed, affordable(large, {}).sample->seed);
  EXPECT_NE(options.sample->seed, affordable(two_heads(2048, 2049), {}).sample->seed);
  Result r = means(large);
  r.out.set({0, 1, 1111, 1}, kNaN);
  const Judgement j = judge(large, r, contract_for("f32", DType::f32, DType::f32), options);
  EXPECT_EQ(j.out.violated, 1);
  EXPECT_LE(j.coverage.judged, 257);
}

}  // namespace
}  // namespace attest::oracle
