// Every layout that kernel.h promises reaches the kernel, and a kernel that misreads one of them shows it.
#include <functional>
#include <utility>

#include <gtest/gtest.h>

#include "kernel/command/exec_kernel.hpp"
#include "kernel/in_process/in_process.hpp"
#include "layouts.hpp"
#include "oracle/contract/contract.hpp"
#include "oracle/judge/judge.hpp"
#include "problems.hpp"

namespace attest::kernel {
namespace {

using namespace testing_kernels;

Problem packed(Problem p) {
  for (Tensor* t : {&p.q, &p.k, &p.v}) *t = t->with_strides(row_major_strides(t->shape()));
  for (auto* t : {&p.bias, &p.mask, &p.alibi_slopes, &p.sink, &p.kv_lens}) {
    if (*t) *t = (*t)->with_strides(row_major_strides((*t)->shape()));
  }
  p.out_strides.clear();
  p.lse_strides.clear();
  p.q_is_k = p.k_is_v = false;
  return p;
}

bool same_numbers(const Result& a, const Result& b) {
  return a.out.values() == b.out.values() && a.lse->values() == b.lse->values();
}

class Layouts : public ::testing::TestWithParam<Layout> {};
INSTANTIATE_TEST_SUITE_P(All, Layouts, ::testing::ValuesIn(layouts()),
                         [](const auto& instance) { return std::string(instance.param.title); });

TEST_P(Layouts, GiveARightKernelWhatPackedTensorsGiveIt) {
  const Problem problem = GetParam().make();
  ASSERT_EQ(why_invalid(problem), "");
  const auto right = open_kernel(library("tiled.so:correct"));
  for (const Placement placement : {Placement::misaligned, Placement::page_end, Placement::page_begin}) {
    RunOptions options;
    options.placement = placement;
    const RunOutcome plain = right->run(packed(problem), options);
    const RunOutcome strided = right->run(problem, options);
    ASSERT_EQ(strided.status, RunStatus::ok) << strided.detail;
    EXPECT_EQ(strided.trespass, Trespass::none) << strided.detail;
    EXPECT_TRUE(strided.result.out.contiguous());
    EXPECT_TRUE(same_numbers(strided.result, plain.result));
  }
}

TEST_P(Layouts, ShowTheKernelThatMisreadsThemAndNothingElseDoes) {
  const Problem problem = GetParam().make();
  const auto faulty = open_kernel(library(std::string("layouts.so:") + GetParam().faulty));
  const auto right = open_kernel(library("tiled.so:correct"));
  const RunOutcome expected = right->run(packed(problem), {});
  const RunOutcome plain = faulty->run(packed(problem), {});
  ASSERT_EQ(plain.status, RunStatus::ok) << plain.detail;
  EXPECT_EQ(plain.trespass, Trespass::none) << plain.detail;
  EXPECT_TRUE(same_numbers(plain.result, expected.result));
  const RunOutcome strided = faulty->run(problem, {});
  const bool wrong = strided.status != RunStatus::ok || strided.trespass != Trespass::none ||
                     !same_numbers(strided.result, expected.result);
  EXPECT_TRUE(wrong);
}

TEST(Layout, NamesAWriteBetweenTheRowsOfAnOutput) {
  Problem p = square_problem();
  p.out_strides = {100, 40, 7, 1};
  EXPECT_EQ(run("layouts.so:writes_gaps", p).detail, "wrote between the rows of out");
  p.out_strides = {40, 20, kGiga, 1};
  const RunOutcome far = run("layouts.so:writes_gaps", p);
  EXPECT_EQ(far.trespass, Trespass::outside);
  EXPECT_EQ(far.detail, "wrote between the rows of out");
}

TEST(Layout, SeesAWriteToASpreadInputWithoutAWorker) {
  for (const std::vector<std::int64_t>& strides :
       {std::vector<std::int64_t>{20, 40, kGiga, 1}, std::vector<std::int64_t>{90, 45, 9, 1}}) {
    Problem p = square_problem();
    p.k = p.k.spread_to(strides);
    InProcessKernel kernel({}, [&](const attest_forward& f) {
      static_cast<float*>(f.k->data)[f.k->strides[2] * 4 + 1] += 1;
      return ATTEST_OK;
    });
    EXPECT_EQ(kernel.run(p, {}).detail, "wrote to its input k");
  }
}

TEST(Layout, PutsTwoInputsAtOneAddressOnlyWhileTheyAreTheSame) {
  const auto at_one = [](const Problem& p) {
    bool keys_and_values = false;
    bool queries_and_keys = false;
    InProcessKernel kernel({}, [&](const attest_forward& f) {
      keys_and_values = f.k->data == f.v->data;
      queries_and_keys = f.q->data == f.k->data;
      return ATTEST_OK;
    });
    EXPECT_EQ(kernel.run(p, {}).trespass, Trespass::none);
    return std::pair{queries_and_keys, keys_and_values};
  };
  using Shared = std::pair<bool, bool>;
  Problem p = square_problem();
  p.q_is_k = p.k_is_v = true;
  EXPECT_EQ(at_one(p), Shared(false, false));
  p.v = p.k;
  EXPECT_EQ(at_one(p), Shared(false, true));
  p.q = p.k;
  EXPECT_EQ(at_one(p), Shared(true, true));
  Problem edited = p;
  edited.v.set({0, 0, 0, 0}, 7);
  EXPECT_EQ(at_one(edited), Shared(true, false));
  Problem strided = p;
  strided.k = strided.k.with_strides({80, 40, 7, 1});
  EXPECT_EQ(at_one(strided), Shared(false, false));
}

TEST(Layout, SurvivesAWriteToASharedInput) {
  Problem p = square_problem();
  p.v = p.k;
  p.k_is_v = true;
  const RunOutcome outcome = run("misbehaving.so:flips_a_bit_of_v", p);
  EXPECT_EQ(outcome.status, RunStatus::crashed);
  EXPECT_EQ(outcome.trespass, Trespass::input);
}

// Every optional tensor strided, and everything judged within its bound.
TEST(Layout, OfEveryTensorAtOnceIsReadRightByTheExamples) {
  Problem p = square_problem();
  p.bias = Tensor(DType::f32, {1, 2, 5, 5}, {999, 0, 1, 7});
  p.bias->assign(std::vector<double>(50, 0.25));
  p.mask = Tensor(DType::u8, {2, 1, 1, 5}, {0, 3, 77, 2});
  p.mask->assign({1, 0, 1, 1, 1, 1, 0, 1, 1, 1});
  p.alibi_slopes = Tensor(DType::f32, {2}, {3});
  p.alibi_slopes->assign({0.5, 0.25});
  p.sink = Tensor(DType::f32, {2}, {0});
  p.sink->assign({-1, -1});
  p.kv_lens = Tensor(DType::i32, {2}, {2});
  p.kv_lens->assign({5, 3});
  p.q = p.q.with_strides({100, 1, 20, 3});
  p.k = p.k.spread_to({3 * kGiga, 20, 4, 1});
  p.v = p.v.with_strides({80, 40, 7, 1});
  p.out_strides = {100, 1, 20, 3};
  p.lse_strides = {1, 2, 4};
  ASSERT_EQ(why_invalid(p), "");
  for (const char* example : {EXAMPLE_NAIVE, EXAMPLE_FLASH}) {
    const RunOutcome outcome = open_kernel(example)->run(p, {});
    ASSERT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
    EXPECT_EQ(outcome.trespass, Trespass::none) << outcome.detail;
    const auto judged = oracle::judge(p, outcome.result, oracle::contract_for("f32", DType::f32, DType::f32));
    EXPECT_EQ(judged.out.violated + judged.lse.violated, 0) << example;
    EXPECT_GT(judged.out.within, 0) << example;
  }
}

TEST(Layout, LeavesNoTraceOfSparseCases) {
  const auto kernel = open_kernel(library("tiled.so:correct"));
  Problem far = square_problem();
  far.k = far.k.spread_to({20, 40, kGiga, 1});
  const Problem plain = square_problem();
  const RunOutcome expected = kernel->run(plain, {});
  for (int round = 0; round < 3; ++round) {
    for (const Problem* p : std::initializer_list<const Problem*>{&far, &plain}) {
      const RunOutcome outcome = kernel->run(*p, {});
      ASSERT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
      EXPECT_TRUE(same_numbers(outcome.result, expected.result));
    }
  }
}

TEST(Layout, CannotBePutToACommand) {
  ExecKernel command("false {in} {out}");
  EXPECT_FALSE(command.takes_layouts());
  Problem far = square_problem();
  far.k = far.k.spread_to({20, 40, kGiga, 1});
  Problem strided = square_problem();
  strided.out_strides = {40, 4, 8, 1};
  for (const Problem* p : {&far, &strided}) {
    const RunOutcome outcome = command.run(*p, {});
    EXPECT_EQ(outcome.status, RunStatus::unsupported);
    EXPECT_TRUE(outcome.not_put);
  }
  EXPECT_FALSE(command.run(square_problem(), {}).not_put);
}

}  // namespace
}  // namespace attest::kernel
