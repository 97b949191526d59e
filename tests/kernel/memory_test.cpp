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

TEST(Memory, StopsAWriteOneBytePastTheOutput) {
  const RunOutcome outcome =
      run("misbehaving.so:writes_past_out", make_problem(DType::f32, {}), at(Placement::page_end));
  EXPECT_EQ(outcome.status, RunStatus::crashed);
  EXPECT_EQ(outcome.code, SIGSEGV);
  EXPECT_EQ(outcome.detail, "killed by signal 11 (Segmentation fault) 1 byte past the end of out");
}

TEST(Memory, StopsAReadOneBytePastAnInput) {
  for (const std::int64_t length : {1, 3, 5000}) {
    const Problem problem = make_problem(DType::f16, {.kv_len = length});
    const RunOutcome outcome = run("misbehaving.so:reads_past_k", problem, at(Placement::page_end));
    EXPECT_EQ(outcome.status, RunStatus::crashed);
    EXPECT_EQ(outcome.code, SIGSEGV);
    EXPECT_EQ(outcome.detail, "killed by signal 11 (Segmentation fault) 1 byte past the end of k");
  }
}

TEST(Memory, SeesWritesThatNoGuardPageStops) {
  const Problem problem = make_problem(DType::f32, {});
  const RunOutcome past = run("misbehaving.so:writes_past_out", problem);
  EXPECT_EQ(past.status, RunStatus::ok);
  EXPECT_EQ(past.trespass, Trespass::outside);
  EXPECT_EQ(past.detail, "wrote outside out");
  for (const Placement placement : {Placement::misaligned, Placement::page_end}) {
    const RunOutcome before = run("misbehaving.so:writes_before_lse", problem, at(placement));
    EXPECT_EQ(before.trespass, Trespass::outside);
    EXPECT_EQ(before.detail, "wrote outside lse");
    const RunOutcome input = run("misbehaving.so:flips_a_bit_of_v", problem, at(placement));
    EXPECT_EQ(input.trespass, Trespass::input);
    EXPECT_EQ(input.detail, "wrote to its input v");
    const RunOutcome none = run("tiled.so:correct", problem, at(placement));
    EXPECT_EQ(none.trespass, Trespass::none);
    EXPECT_EQ(none.detail, "");
  }
}

TEST(Memory, IsCleanAgainAfterAKernelWroteOutside) {
  InProcessKernel kernel({}, [calls = 0](const attest_forward& p) mutable {
    if (calls++ == 0) static_cast<char*>(p.out->data)[-1] = 0;
    return ATTEST_OK;
  });
  const Problem problem = make_problem(DType::f32, {});
  EXPECT_EQ(kernel.run(problem, {}).trespass, Trespass::outside);
  EXPECT_EQ(kernel.run(problem, {}).trespass, Trespass::none);
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
