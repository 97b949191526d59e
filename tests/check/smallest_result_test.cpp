// What a kernel returned on a smallest case is kept where it shows the failure, with every wrong number.
#include "check/findings/smallest_result.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "check/capture/capture_check.hpp"
#include "oracle/contract/contract.hpp"

namespace attest::check {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Two rows of two equal keys with the values 1 and 3: the right outputs are 2.
Problem two_rows() {
  Problem p;
  p.q = p.k = p.v = Tensor(DType::f32, {1, 1, 2, 1});
  p.v.assign({1, 3});
  p.want_lse = false;
  return p;
}

Result returned(double first, double second) {
  Result result{Tensor(DType::f32, {1, 1, 2, 1}), std::nullopt};
  result.out.assign({first, second});
  return result;
}

Finding finding_of(const Problem& problem, double got) {
  Finding finding;
  finding.problem = problem;
  oracle::Element element;
  element.got = got;
  finding.elements = {element};
  return finding;
}

const oracle::ContractSet& f32() {
  static const oracle::ContractSet contract = oracle::contract_for("f32", DType::f32, DType::f32);
  return contract;
}

TEST(SmallestResult, HoldsEveryWrongNumber) {
  Finding finding = finding_of(two_rows(), 5);
  keep_result(finding, returned(5, kNaN), f32());
  ASSERT_TRUE(finding.result);
  ASSERT_EQ(finding.result->wrong.size(), 2U);
  EXPECT_EQ(finding.result->wrong[1].i, 1);
  Finding nan = finding_of(two_rows(), kNaN);
  keep_result(nan, returned(2, kNaN), f32());
  ASSERT_TRUE(nan.result);
  EXPECT_EQ(nan.result->wrong.size(), 1U);
}

TEST(SmallestResult, IsNotKeptWhereItDoesNotShowTheFailureAgain) {
  Finding finding = finding_of(two_rows(), 5);
  keep_result(finding, returned(2, 2), f32());
  EXPECT_FALSE(finding.result);
  keep_result(finding, returned(6, 2), f32());
  EXPECT_FALSE(finding.result);
  finding.elements.clear();  // a crash
  keep_result(finding, returned(5, 2), f32());
  EXPECT_FALSE(finding.result);
}

TEST(SmallestResult, IsNotKeptOfLargeCases) {
  Problem p;
  p.q = Tensor(DType::f32, {1, 1, 1, 1});
  p.k = p.v = Tensor(DType::f32, {1, 1, 5000, 1});
  Finding finding = finding_of(p, 5);
  Result result{Tensor(DType::f32, {1, 1, 1, 1}), std::nullopt};
  result.out.assign({5});
  keep_result(finding, result, f32());
  EXPECT_FALSE(finding.result);
}

TEST(SmallestResult, OfACaptureIsTheRowsOwn) {
  const KernelReport report = check_capture("c", two_rows(), returned(2, 7), {.contract = "f32", .rows = {}});
  ASSERT_EQ(report.findings.size(), 1U);
  ASSERT_TRUE(report.findings[0].result);
  EXPECT_EQ(report.findings[0].result->result.out.values(), std::vector<double>{7});
  EXPECT_EQ(report.findings[0].result->wrong.size(), 1U);
  EXPECT_EQ(report.findings[0].result->wrong[0].i, 0);  // of the row alone
}

TEST(Lengths, OfACaptureAreListedByDtype) {
  const KernelReport report = check_capture("c", two_rows(), returned(2, 7), {.contract = "f32", .rows = {}});
  ASSERT_EQ(report.by_length.size(), 1U);
  EXPECT_EQ(report.by_length[0].dtype, "f32");
  EXPECT_EQ(report.by_length[0].keys, 2);
  EXPECT_EQ(report.by_length[0].rows, 2);
  EXPECT_EQ(report.by_length[0].bound_ratio, report.max_bound_ratio);
  EXPECT_EQ(report.ratios.count(), 2);
}

}  // namespace
}  // namespace attest::check
