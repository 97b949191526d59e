// Every adapter's number of threads can be set and put back, and what its documents say of kv_lens is
// declared.
#include <filesystem>
#include <iterator>

#include <gtest/gtest.h>
#include <sched.h>

#include "ggml_support.hpp"
#include "kernel/adapters/registry.hpp"
#include "kernel/in_process/in_process.hpp"
#include "oracle/judge/judge.hpp"

namespace attest::kernel {
namespace {

// Long enough for each library to split it: single rows over many keys, and many rows.
std::vector<Problem> problems() {
  std::vector<Problem> list;
  std::mt19937_64 random(11);
  for (const auto& [rows, keys] : {std::pair{1, 3000}, std::pair{130, 200}}) {
    Problem p = testing_ggml::constant_problem(
        {.q_heads = 3, .kv_heads = 3, .q_len = rows, .kv_len = keys, .qk_dim = 16, .v_dim = 16}, 0);
    p.scale = 0.25;
    for (Tensor* tensor : {&p.q, &p.k, &p.v}) testing_ggml::randomize(*tensor, random);
    list.push_back(std::move(p));
  }
  return list;
}

std::int64_t threads_of_this_process() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return std::distance(begin(tasks), end(tasks));
}

cpu_set_t affinity_of_this_thread() {
  cpu_set_t set;
  CPU_ZERO(&set);
  EXPECT_EQ(::sched_getaffinity(0, sizeof set, &set), 0);
  return set;
}

using Family = AdapterFamily (*)();

// `kept`: the library keeps the threads that it starts, so that they can be counted.
void expect_threads(Family family, const std::string& variant, bool kept) {
  const std::int64_t before = threads_of_this_process();
  const cpu_set_t affinity = affinity_of_this_thread();
  const std::unique_ptr<Implementation> opened = family().open(variant);
  InProcessKernel kernel(opened->info(), [&](const attest_forward& p) { return opened->forward(p); });
  for (const Problem& p : problems()) {
    const oracle::ContractSet contract =
        oracle::contract_for(opened->info().contract, DType::f32, DType::f32);
    const Tensor first = kernel.run(p, {}).result.out;
    for (const int threads : {1, 2, 3, 0}) {
      ASSERT_TRUE(opened->set_threads(threads));
      const RunOutcome outcome = kernel.run(p, {});
      ASSERT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
      EXPECT_FALSE(oracle::judge(p, outcome.result, contract).violated())
          << threads << " threads, " << describe(p);
      const cpu_set_t after = affinity_of_this_thread();
      EXPECT_TRUE(CPU_EQUAL(&affinity, &after)) << threads << " threads left theirs bound";
      if (threads == 3 && kept) {
        EXPECT_GE(threads_of_this_process(), before + 2);
      }
      if (threads == 0) {
        EXPECT_EQ(outcome.result.out.bytes(), first.bytes()) << "not put back";
      }
    }
  }
}

// It splits single rows over 512 keys and more among its threads, and sums in another order then.
TEST(Threads, OfGgmlSplitLongRows) {
  const std::unique_ptr<Implementation> opened = ggml_adapter().open(testing_ggml::best_cpu());
  InProcessKernel kernel(opened->info(), [&](const attest_forward& p) { return opened->forward(p); });
  Problem p = problems().front();
  const Tensor alone = kernel.run(p, {}).result.out;
  ASSERT_TRUE(opened->set_threads(3));
  EXPECT_NE(kernel.run(p, {}).result.out.bytes(), alone.bytes());
}

TEST(Threads, OfGgml) { expect_threads(ggml_adapter, testing_ggml::best_cpu(), false); }
TEST(Threads, OfOnnxRuntime) { expect_threads(onnxruntime_adapter, "mha", true); }
TEST(Threads, OfOnednn) { expect_threads(onednn_adapter, "", true); }

TEST(KvLens, AreDeclaredAsAMaskWhereTheDocumentsHaveNothingElse) {
  const auto document = [](Family family, const std::string& variant) {
    return family().open(variant)->info().kv_lens_by_mask;
  };
  EXPECT_NE(document(ggml_adapter, "f16").find("ggml.h"), std::string::npos);
  for (const char* variant : {"attention-23", "attention-24", "mha", "contrib-attention"})
    EXPECT_NE(document(onnxruntime_adapter, variant).find("mask"), std::string::npos) << variant;
  EXPECT_EQ(document(onnxruntime_adapter, "gqa"), "") << "it is given lengths";
  EXPECT_EQ(document(onednn_adapter, ""), "") << "it is given extents";
}

}  // namespace
}  // namespace attest::kernel
