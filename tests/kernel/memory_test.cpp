// Where tensors lie: alignment, guard pages, and no trace of earlier cases.
#include <csignal>

#include <gtest/gtest.h>

#include "kernel/in_process/in_process.hpp"
#include "kernel/worker/worker_kernel.hpp"
#include "problems.hpp"

namespace attest::kernel {
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

TEST(Memory, StopsAReadOneByteBeforeAnInput) {
  for (const std::int64_t length : {1, 3, 5000}) {
    const RunOutcome outcome = run("misbehaving.so:reads_before_k",
                                   make_problem(DType::f16, {.kv_len = length}), at(Placement::page_begin));
    EXPECT_EQ(outcome.status, RunStatus::crashed);
    EXPECT_EQ(outcome.trespass, Trespass::outside);
    EXPECT_EQ(outcome.detail, "killed by signal 11 (Segmentation fault) 1 byte before the start of k");
  }
}

TEST(Memory, StopsAWriteToAnInput) {
  const Problem problem = make_problem(DType::f32, {});
  for (const Placement placement : {Placement::misaligned, Placement::page_end, Placement::page_begin}) {
    const RunOutcome outcome = run("misbehaving.so:flips_a_bit_of_v", problem, at(placement));
    EXPECT_EQ(outcome.status, RunStatus::crashed);
    EXPECT_EQ(outcome.trespass, Trespass::input);
    EXPECT_EQ(outcome.detail, "killed by signal 11 (Segmentation fault) writing to byte 79 of its input v");
  }
}

TEST(Memory, SeesWritesToInputsWithoutAWorker) {
  InProcessKernel kernel({}, [](const attest_forward& p) {
    static_cast<char*>(p.v->data)[3] ^= 1;
    return ATTEST_OK;
  });
  const RunOutcome outcome = kernel.run(make_problem(DType::f32, {}), {});
  EXPECT_EQ(outcome.trespass, Trespass::input);
  EXPECT_EQ(outcome.detail, "wrote to its input v");
}

// A slot keeps its size after a larger case.
TEST(Memory, SeesAWriteFarBehindASmallOutput) {
  constexpr std::ptrdiff_t kBehind = 600 << 10;
  bool writes = false;
  InProcessKernel kernel({}, [&](const attest_forward& p) {
    if (writes) static_cast<char*>(p.out->data)[kBehind] ^= 1;
    return ATTEST_OK;
  });
  const Problem large = make_problem(DType::f32, {.q_len = 4096, .v_dim = 64});
  EXPECT_EQ(kernel.run(large, at(Placement::page_begin)).trespass, Trespass::none);
  EXPECT_EQ(kernel.run(make_problem(DType::f32, {}), at(Placement::page_begin)).trespass, Trespass::none);
  writes = true;
  const RunOutcome outcome = kernel.run(make_problem(DType::f32, {}), at(Placement::page_begin));
  EXPECT_EQ(outcome.trespass, Trespass::outside);
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

// AddressSanitizer has an allocator of its own, and frames that must not be written to.
#if !defined(__SANITIZE_ADDRESS__)
TEST(Memory, FillsWhatAKernelHasNotWrittenYet) {
  for (const char* kernel : {"misbehaving.so:copies_fresh_heap", "misbehaving.so:copies_fresh_stack"}) {
    for (const std::byte contents : {std::byte{0xfe}, std::byte{0x3c}}) {
      RunOptions options;
      options.fresh_memory = contents;
      const RunOutcome outcome = run(kernel, make_problem(DType::f32, {}), options);
      ASSERT_EQ(outcome.status, RunStatus::ok);
      for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(outcome.result.out.bytes()[i], contents) << kernel;
    }
  }
}

TEST(Memory, MeasuresTheStack) {
  const Problem problem = make_problem(DType::f32, {});
  const auto kernel = open_kernel(library("misbehaving.so:uses_a_hundred_kilobytes_of_stack"));
  kernel->run(problem, {});  // uses up what is painted at first, so that more is painted from now on
  const std::optional<std::uint64_t> deep = kernel->run(problem, {}).memory.stack_bytes;
  ASSERT_TRUE(deep.has_value());
  EXPECT_GE(*deep, 100'000U);
  EXPECT_LE(*deep, 104'000U);
  const std::optional<std::uint64_t> flat = run("misbehaving.so:writes_nothing", problem).memory.stack_bytes;
  ASSERT_TRUE(flat.has_value());
  EXPECT_LE(*flat, 8'000U);
}

TEST(Memory, MeasuresTheHeap) {
  RunOptions measured;
  measured.measure_heap = true;
  const Problem problem = make_problem(DType::f32, {.kv_len = 100'000});
  constexpr std::uint64_t kMegabyte = 1 << 20;
  const auto heap_of = [&](const char* kernel) { return run(kernel, problem, measured).memory.heap_bytes; };
  EXPECT_GE(heap_of("misbehaving.so:uses_eight_megabytes_of_heap"), 8 * kMegabyte - kMegabyte / 2);
  EXPECT_LE(heap_of("misbehaving.so:uses_eight_megabytes_of_heap"), 9 * kMegabyte);
  EXPECT_LE(heap_of("misbehaving.so:writes_nothing"), kMegabyte / 2);
  EXPECT_FALSE(run("misbehaving.so:writes_nothing", problem).memory.heap_bytes.has_value());
}
#endif

TEST(Memory, ForgetsWhatEarlierCallsLeft) {
  const auto kernel = open_kernel(library("misbehaving.so:crashes_every_second_time"));
  const Problem problem = make_problem(DType::f32, {});
  for (int call = 0; call < 3; ++call) {
    EXPECT_EQ(kernel->run(problem, {}).status, RunStatus::ok);
    kernel->forget();
  }
}

TEST(Placement, FitsEverySizeIntoItsSlot) {
  constexpr std::uint64_t kCapacity = 16384;
  for (std::uint64_t alignment = 1; alignment <= kMaxAlignment; alignment *= 2) {
    for (std::uint64_t bytes = 0; bytes + 2 * alignment <= kCapacity; bytes += 1 + bytes / 7) {
      const std::uint64_t end = placement_offset(Placement::page_end, kCapacity, bytes, alignment);
      EXPECT_EQ(placement_offset(Placement::page_begin, kCapacity, bytes, alignment), 0U);
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
}  // namespace attest::kernel
