// Tensors that reach far cost no memory between their elements, whatever came before.
#include <algorithm>
#include <chrono>
#include <initializer_list>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "kernel/memory/case_memory.hpp"
#include "problems.hpp"

namespace attest::kernel {
namespace {

using namespace testing_kernels;

constexpr std::int64_t kGiga = std::int64_t{1} << 30;

// Bytes of memory that a memfd's pages take.
std::int64_t resident(const CaseMemory& memory) {
  struct stat status {};
  EXPECT_EQ(::fstat(memory.file(), &status), 0);
  return status.st_blocks * 512;
}

TEST(SparseMemory, FarOffsetsCostLittleTimeAndMemory) {
  Problem p = make_problem(DType::f32, {.q_len = 33, .kv_len = 33, .qk_dim = 64, .v_dim = 64});
  p.k = p.k.spread_to({64, 64, kGiga / 8, 1});
  p.out_strides = {64, 64, kGiga / 8, 1};
  ASSERT_EQ(why_invalid(p), "");
  CaseMemory memory(CaseMemory::Sharing::with_worker);
  const ForwardDescription description = describe_forward(p);
  auto best = std::chrono::steady_clock::duration::max();
  for (int round = 0; round < 5; ++round) {
    const auto start = std::chrono::steady_clock::now();
    memory.stage(p, description, {});
    best = std::min(best, std::chrono::steady_clock::now() - start);
    EXPECT_LT(resident(memory), 4 << 20);
  }
  const double milliseconds = std::chrono::duration<double, std::milli>(best).count();
  RecordProperty("stage_us", static_cast<int>(milliseconds * 1000));
  RecordProperty("resident_kib", static_cast<int>(resident(memory) >> 10));
  EXPECT_LT(milliseconds, 5);
  const Problem small = make_problem(DType::f32, {});
  memory.stage(small, describe_forward(small), {});
  EXPECT_LT(resident(memory), 1 << 20);
  for (const std::uint64_t capacity : memory.capacities()) EXPECT_LT(capacity, 4U << 20);
}

TEST(SparseMemory, GivesBackWhatALargeCaseLeftBeforeASparseOne) {
  const Problem large =
      make_problem(DType::f32, {.q_len = 3000, .kv_len = 3000, .qk_dim = 200, .v_dim = 200});
  const Problem small = make_problem(DType::f32, {});
  Problem far = make_problem(DType::f32, {.q_len = 3, .kv_len = 3, .qk_dim = 4, .v_dim = 4});
  for (Tensor* tensor : {&far.q, &far.k, &far.v}) *tensor = tensor->spread_to({4, 4, kGiga / 8, 1});
  far.out_strides = {4, 4, kGiga / 8, 1};
  CaseMemory memory(CaseMemory::Sharing::with_worker);
  for (const Problem* problem : std::initializer_list<const Problem*>{&large, &small, &far}) {
    ASSERT_EQ(why_invalid(*problem), "");
    memory.stage(*problem, describe_forward(*problem), {});
  }
  EXPECT_LT(resident(memory), 4 << 20);
}

}  // namespace
}  // namespace attest::kernel
