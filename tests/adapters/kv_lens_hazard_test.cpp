// What the kernels that have kv_lens as a mask do with NaN behind it: the documented hazards of
// docs/findings.md, each in its smallest case, so that the test fails when an upgrade fixes one.
#include <cmath>

#include <gtest/gtest.h>

#include "ggml_support.hpp"
#include "kernel/adapters/registry.hpp"
#include "kernel/in_process/in_process.hpp"

namespace attest::kernel {
namespace {

using testing_ggml::constant_problem;

// Zeros, and one key of NaN and value of NaN past the length 1.
Problem padded_by_nan(std::int64_t rows, bool key, bool value) {
  Problem p = constant_problem({.q_len = rows, .kv_len = 2, .qk_dim = 16, .v_dim = 16}, 0);
  for (std::int64_t c = 0; c < 16; ++c) {
    if (key) p.k.set({0, 0, 1, c}, NAN);
    if (value) p.v.set({0, 0, 1, c}, NAN);
  }
  p.kv_lens = testing_ggml::vector_of({1}, DType::i32);
  return p;
}

bool reaches(AdapterFamily family, const std::string& variant, const Problem& p) {
  const std::unique_ptr<Implementation> opened = family.open(variant);
  InProcessKernel kernel(opened->info(), [&](const attest_forward& f) { return opened->forward(f); });
  const RunOutcome outcome = kernel.run(p, {});
  EXPECT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
  return !std::isfinite(outcome.result.out.at({0, 0, 0, 0}));
}

// Tiles of 64 rows multiply every value by its weight; fewer rows, and K and V in bf16, skip masked keys.
TEST(KvLensHazard, OfGgmlIsInTheValuesOfTiles) {
  const std::string cpu = testing_ggml::best_cpu();
  for (const std::string& variant : {cpu, std::string("f16")}) {
    EXPECT_TRUE(reaches(ggml_adapter(), variant, padded_by_nan(64, false, true))) << variant;
    EXPECT_FALSE(reaches(ggml_adapter(), variant, padded_by_nan(64, true, false))) << variant;
    EXPECT_FALSE(reaches(ggml_adapter(), variant, padded_by_nan(63, true, true))) << variant;
  }
  EXPECT_FALSE(reaches(ggml_adapter(), "bf16", padded_by_nan(64, true, true)));
}

// Two rows, since contrib Attention has as many as keys.
TEST(KvLensHazard, OfOnnxRuntimeIsInValuesAndMostlyInKeys) {
  for (const char* variant : {"attention-23", "attention-24", "mha", "contrib-attention"}) {
    EXPECT_TRUE(reaches(onnxruntime_adapter(), variant, padded_by_nan(2, false, true))) << variant;
    const bool by_keys = std::string(variant) != "attention-24";
    EXPECT_EQ(reaches(onnxruntime_adapter(), variant, padded_by_nan(2, true, false)), by_keys) << variant;
  }
}

TEST(KvLensHazard, IsNoneOfKernelsThatAreGivenLengths) {
  EXPECT_FALSE(reaches(onnxruntime_adapter(), "gqa", padded_by_nan(1, true, true)));
  EXPECT_FALSE(reaches(onednn_adapter(), "", padded_by_nan(1, true, true)));
}

}  // namespace
}  // namespace attest::kernel
