// Where tensors lie: alignment, guard pages, and no trace of earlier cases.
#include <csignal>

#include <gtest/gtest.h>

#include "kernel/in_process.hpp"
#include "kernel/worker_kernel.hpp"
#include "problems.hpp"

namespace attest {
namespace {

using namespace testing_kernels;

RunOptions at(Placement placement) {
  RunOptions options;
  options.placement = placement;
  return options;
}

std::uintptr_t alignment_of(const DLTensor* tensor) {
  const auto address = reinterpret_cast<std::uintptr_t>(tensor->data);
  return address & (~address + 1);
}

TEST(Memory, AlignsToTheElementAndNoBetterWhenNothingIsDeclared) {
  for (const DType dtype : {DType::f64, DType::f32, DType::f16, DType::bf16}) {
    InProcessKernel kernel({}, [&](const attest_forward& p) {
      for (const DLTensor* t : {p.q, p.k, p.v, static_cast<const DLTensor*>(p.out), p.mask, p.kv_lens}) {
        EXPECT_EQ(alignment_of(t), t->dtype.bits / 8U);
      }
      return ATTEST_OK;
    });
    for (const std::int64_t length : {1, 2, 3, 64, 1000}) {
      Problem problem = make_problem(dtype, {.q_len = length, .kv_len = length, .qk_dim = 64, .v_dim = 32});
      problem.mask = Tensor(DType::u8, {1, 1, 1, length});
      problem.kv_lens = Tensor(DType::i32, {1});
      EXPECT_EQ(kernel.run(problem, {}).status, RunStatus::ok);
    }
  }
}

TEST(Memory, AlignsToWhatIsDeclaredAndNoBetter) {
  for (const std::int64_t length : {1, 5, 64}) {
    const Problem problem = make_problem(DType::f32, {.q_len = length, .kv_len = length, .qk_dim = 32});
    const RunOutcome outcome = run("declares.so", problem);
    ASSERT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
    for (std::int64_t c = 0; c < 3; ++c) EXPECT_EQ(outcome.result.out.at({0, 0, 0, c}), 64);
  }
}

TEST(Memory, CatchesAWriteOneBytePastTheOutput) {
  const RunOutcome outcome =
      run("misbehaving.so:writes_past_out", make_problem(DType::f32, {}), at(Placement::page_end));
  EXPECT_EQ(outcome.status, RunStatus::crashed);
  EXPECT_EQ(outcome.code, SIGSEGV);
}

TEST(Memory, CatchesAReadOneBytePastAnInput) {
  for (const std::int64_t length : {1, 3, 5000}) {
    const Problem problem = make_problem(DType::f16, {.kv_len = length});
    const RunOutcome outcome = run("misbehaving.so:reads_past_k", problem, at(Placement::page_end));
    EXPECT_EQ(outcome.status, RunStatus::crashed);
    EXPECT_EQ(outcome.code, SIGSEGV);
  }
}

TEST(Memory, HoldsNoTraceOfEarlierCasesBesideTheTensors) {
  const auto kernel = open_kernel(library("misbehaving.so:copies_what_precedes_k"));
  const Problem small = make_problem(DType::f32, {.kv_len = 2});
  const Problem large = make_problem(DType::f32, {.kv_len = 700});
  const Problem huge = make_problem(DType::f32, {.kv_len = 70'000});
  for (const Problem* earlier : {&small, &large, &huge, &large, &small}) {
    ASSERT_EQ(kernel->run(*earlier, {}).status, RunStatus::ok);
    const RunOutcome outcome = kernel->run(small, {});
    ASSERT_EQ(outcome.status, RunStatus::ok);
    const auto& bytes = outcome.result.out.bytes();
    for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(bytes[i], kPoison);
  }
}

TEST(Placement, FitsEverySizeIntoItsSlot) {
  constexpr std::uint64_t kCapacity = 16384;
  for (std::uint64_t alignment = 1; alignment <= kMaxAlignment; alignment *= 2) {
    for (std::uint64_t bytes = 0; bytes + 2 * alignment <= kCapacity; bytes += 1 + bytes / 7) {
      const std::uint64_t end = placement_offset(Placement::page_end, kCapacity, bytes, alignment);
      const std::uint64_t mis = placement_offset(Placement::misaligned, kCapacity, bytes, alignment);
      EXPECT_EQ(end % alignment, 0U);
      EXPECT_LE(end + bytes, kCapacity);
      EXPECT_LT(kCapacity - end - bytes, alignment);
      EXPECT_EQ(mis % (2 * alignment), alignment);
      EXPECT_LE(mis + bytes, kCapacity);
    }
  }
}

}  // namespace
}  // namespace attest
