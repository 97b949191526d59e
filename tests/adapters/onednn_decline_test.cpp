// What oneDNN's primitives cannot express is declined: neither computed wrongly nor reported as a failure.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "onednn_support.hpp"

namespace attest::onednn_tests {
namespace {

Problem plain() { return random_problem({2, 4, 2, 3, 5, 4, 2}, DType::f32, 1); }

void expect_declined(const Problem& problem) {
  ASSERT_EQ(why_invalid(problem), "");
  EXPECT_EQ(run(problem).status, kernel::RunStatus::unsupported) << describe(problem);
}

TEST(OnednnDeclines, NothingInAPlainProblem) { EXPECT_EQ(run(plain()).status, kernel::RunStatus::ok); }

TEST(OnednnDeclines, Lse) {
  Problem problem = plain();
  problem.want_lse = true;
  expect_declined(problem);
}

TEST(OnednnDeclines, Sinks) {
  Problem problem = plain();
  problem.sink = Tensor(DType::f32, {4});
  expect_declined(problem);
}

TEST(OnednnDeclines, TypesWithoutACpuMatmul) {
  for (const DType dtype : {DType::f64, DType::f16}) {
    expect_declined(random_problem({1, 2, 2, 3, 4, 4, 4}, dtype, 2));
  }
  Problem mixed = plain();
  mixed.k = Tensor(DType::bf16, mixed.k.shape());
  mixed.v = Tensor(DType::bf16, mixed.v.shape());
  expect_declined(mixed);
}

TEST(OnednnDeclines, ScalesThatF32DoesNotHold) {
  Problem problem = plain();
  for (const double scale : {1e39, -1e39, 1e-39}) {
    problem.scale = scale;
    expect_declined(problem);
  }
  problem.scale = 0;
  EXPECT_EQ(run(problem).status, kernel::RunStatus::ok);
  problem.softcap = 1e39;
  expect_declined(problem);
}

TEST(OnednnDeclines, RowsThatSeeNoKey) {
  Problem causal = random_problem({1, 2, 2, 4, 3, 2, 2}, DType::f32, 3);
  causal.causal = Causal::bottom_right;
  expect_declined(causal);
  causal.causal = Causal::top_left;
  EXPECT_EQ(run(causal).status, kernel::RunStatus::ok);

  Problem masked = plain();
  masked.mask = Tensor(DType::u8, {1, 1, 3, 5});
  masked.mask->assign({1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  expect_declined(masked);

  Problem biased = plain();
  biased.bias = Tensor(DType::f32, {1, 4, 1, 5});
  biased.bias->assign(std::vector<double>(20, 0.5));
  for (std::int64_t j = 0; j < 5; ++j)
    biased.bias->set({0, 2, 0, j}, -std::numeric_limits<double>::infinity());
  expect_declined(biased);

  Problem padded = plain();
  padded.kv_lens = Tensor(DType::i32, {2});
  padded.kv_lens->assign({5, 0});
  expect_declined(padded);
  expect_declined(zeros({1, 1, 1, 2, 0, 3, 3}));
}

TEST(OnednnDeclines, ABatchOfNothing) { expect_declined(zeros({0, 2, 2, 3, 4, 2, 2})); }

TEST(OnednnDeclines, AlibiBeyondF32) {
  Problem problem = plain();
  problem.alibi_slopes = Tensor(DType::f32, {4});
  problem.alibi_slopes->assign({0, 0, 0, 3e38});
  expect_declined(problem);
}

}  // namespace
}  // namespace attest::onednn_tests
