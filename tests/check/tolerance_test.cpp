// The certified bound as atol and rtol.

#include "check/tolerance/tolerance.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace attest::check {
namespace {

ToleranceQuery query_of(DType dtype, std::int64_t keys) {
  ToleranceQuery query;
  query.q_heads = query.kv_heads = 2;
  query.q_len = 16;
  query.kv_len = keys;
  query.qk_dim = query.v_dim = 32;
  query.q = query.kv = dtype;
  query.rows = 16;
  return query;
}

TEST(Tolerance, NoCorrectKernelFailsTheSuggestedOne) {
  for (const DType dtype : {DType::f64, DType::f32, DType::f16, DType::bf16}) {
    const ToleranceStudy study = study_tolerance(query_of(dtype, 64));
    ASSERT_FALSE(study.outputs.empty());
    const Tolerance suggested = study.suggested(dtype);
    const ToleranceComparison compared = compare(study, suggested);
    EXPECT_GE(compared.least, 1 - 0x1p-50) << name_of(dtype);
    // It is the least one: some output's bound is as large.
    EXPECT_LE(compared.least, 1 + 0x1p-40) << name_of(dtype);
    EXPECT_LT(compare(study, {suggested.atol / 2, suggested.rtol}).least, 1) << name_of(dtype);
  }
}

TEST(Tolerance, GrowsWithTheNumberOfKeysAndTheUnitRoundoff) {
  const double few = study_tolerance(query_of(DType::f32, 16)).median_bound();
  const double many = study_tolerance(query_of(DType::f32, 256)).median_bound();
  EXPECT_GT(many, few);
  EXPECT_GT(study_tolerance(query_of(DType::bf16, 16)).median_bound(), 500 * few);
}

TEST(Tolerance, DependsOnTheContract) {
  ToleranceQuery query = query_of(DType::f32, 16);
  const double assumed = study_tolerance(query).largest_bound();
  query.contract = "f32;exp_rel=8e-4";
  const ToleranceStudy coarse = study_tolerance(query);
  EXPECT_TRUE(coarse.declared);
  EXPECT_GT(coarse.largest_bound(), 5 * assumed);
}

TEST(Tolerance, CountsOutputsThatATightToleranceWouldFail) {
  const ToleranceStudy study = study_tolerance(query_of(DType::f32, 64));
  EXPECT_EQ(compare(study, {0, 0}).below, 1);
  EXPECT_EQ(compare(study, {1, 0}).below, 0);
  EXPECT_GT(compare(study, {1, 0}).least, 1000);
  EXPECT_GT(study.largest_rounding(), 0);
  EXPECT_LE(study.largest_rounding(), study.largest_bound());
}

TEST(Tolerance, IsTheSameFromOneSeed) {
  const ToleranceStudy a = study_tolerance(query_of(DType::f16, 32));
  const ToleranceStudy b = study_tolerance(query_of(DType::f16, 32));
  EXPECT_EQ(a.largest_bound(), b.largest_bound());
  EXPECT_EQ(a.twice_unfused(), b.twice_unfused());
  EXPECT_GT(a.twice_unfused(), 0);
}

}  // namespace
}  // namespace attest::check
