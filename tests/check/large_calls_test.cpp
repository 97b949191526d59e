// Calls that are too large to judge every row of: a sample is judged, and every output is looked at.
#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "check/capture/capture_check.hpp"
#include "laws/subject.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

// Values are 1 or 3, queries 0: every output is 2.
Problem plain_problem(std::int64_t q_len, std::int64_t kv_len) {
  Problem p;
  p.q = Tensor(DType::f32, {1, 2, q_len, 2});
  p.k = Tensor(DType::f32, {1, 2, kv_len, 2});
  p.v = Tensor(DType::f32, {1, 2, kv_len, 1});
  for (std::int64_t j = 0; j < kv_len; ++j) {
    for (const std::int64_t h : {0, 1}) p.v.set({0, h, j, 0}, j % 2 == 0 ? 1 : 3);
  }
  return p;
}

Result twos(const Problem& p) {
  Result r;
  r.out = Tensor(DType::f32, {1, 2, p.q_len(), 1});
  r.out.assign(std::vector<double>(static_cast<std::size_t>(2 * p.q_len()), 2));
  return r;
}

// A row of head 1 that this sample does not judge.
std::int64_t unsampled_row(const Problem& p, const oracle::RowSample& sample) {
  const std::vector<std::int64_t> rows = oracle::select_rows(p, sample).heads.back().rows;
  std::int64_t i = p.q_len() / 2;
  while (std::find(rows.begin(), rows.end(), i) != rows.end()) ++i;
  return i;
}

TEST(CaptureRows, NaNInARowThatWasNotSampledIsFound) {
  const Problem p = plain_problem(100, 50);
  CaptureOptions options;
  options.rows = 10;
  EXPECT_EQ(check_capture("right", p, twos(p), options).verdict, Verdict::conforming);
  Result wrong = twos(p);
  const std::int64_t row = unsampled_row(p, {10, options.seed});
  wrong.out.set({0, 1, row, 0}, kNaN);
  const KernelReport report = check_capture("wrong", p, wrong, options);
  EXPECT_EQ(report.verdict, Verdict::defective);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].kind, laws::FindingKind::nan);
  EXPECT_EQ(report.findings[0].elements.front().i, row);
  ASSERT_TRUE(report.rows.has_value());
  EXPECT_EQ(report.rows->judged, 11);
}

// Scores that overflow make NaN no violation, but nobody looked at most of these rows.
TEST(CaptureRows, SuspectsThatWereNotJudgedAreNotTrusted) {
  Problem p = plain_problem(300, 50);
  p.q.assign(std::vector<double>(static_cast<std::size_t>(p.q.count()), 1e30));
  p.k.assign(std::vector<double>(static_cast<std::size_t>(p.k.count()), 1e30));
  Result r = twos(p);
  r.out.assign(std::vector<double>(600, kNaN));
  CaptureOptions options;
  options.rows = 10;
  const KernelReport report = check_capture("overflows", p, r, options);
  EXPECT_EQ(report.verdict, Verdict::mistrusted);
  EXPECT_EQ(report.rows->suspicious, 600 - 10 - oracle::kSuspiciousRows);
  const bool said = std::any_of(report.mistrust.begin(), report.mistrust.end(), [](const std::string& why) {
    return why.find("526 rows that were not judged") != std::string::npos;
  });
  EXPECT_TRUE(said);
}

TEST(Subject, JudgesASampleOfALargeCallAndLooksAtAllOfIt) {
  const Problem p = plain_problem(4096, 1024);
  const std::int64_t row = unsampled_row(p, *oracle::affordable(p, {}).sample);
  for (const bool broken : {false, true}) {
    test::ScriptedKernel kernel(
        [&](const Problem& asked, const kernel::RunOptions&) -> std::optional<kernel::RunOutcome> {
          kernel::RunOutcome outcome;
          outcome.result = twos(asked);
          if (broken) outcome.result.out.set({0, 1, row, 0}, kNaN);
          return outcome;
        });
    const oracle::ContractSet contract = oracle::contract_for("f32", DType::f32, DType::f32);
    laws::Subject subject(kernel, p, contract, {});
    const oracle::Judgement& judgement = subject.judgement();
    EXPECT_EQ(judgement.coverage.total, 8192);
    EXPECT_EQ(judgement.coverage.judged, broken ? 257 : 256);
    EXPECT_EQ(judgement.out.violated, broken ? 1 : 0);
  }
}

// Where all rows are affordable, all are judged.
TEST(Subject, JudgesEveryRowOfASmallCall) {
  const Problem p = plain_problem(500, 100);
  test::ScriptedKernel kernel(
      [&](const Problem& asked, const kernel::RunOptions&) -> std::optional<kernel::RunOutcome> {
        kernel::RunOutcome outcome;
        outcome.result = twos(asked);
        return outcome;
      });
  const oracle::ContractSet contract = oracle::contract_for("f32", DType::f32, DType::f32);
  laws::Subject subject(kernel, p, contract, {});
  EXPECT_TRUE(subject.judgement().coverage.all());
}

}  // namespace
}  // namespace attest::check
