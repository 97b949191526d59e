// Where ggml 0.25.1 departs from its contract, each in its smallest case, so that a test fails when an
// upgrade fixes one. docs/findings.md describes them.
#include "ggml_support.hpp"

namespace attest::kernel {
namespace {

using testing_ggml::constant_problem;
using testing_ggml::judge_outcome;
using testing_ggml::kernel_of;

double output(const std::string& variant, const Problem& p, bool violated) {
  Kernel& kernel = kernel_of(variant);
  const RunOutcome outcome = kernel.run(p, {});
  EXPECT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
  EXPECT_EQ(judge_outcome(kernel, p, outcome).violated(), violated) << variant;
  return outcome.result.out.at({0, 0, 0, 0});
}

// The last tile is padded to 64 keys with -inf before the softcap c, which makes that -c: 63 more keys of
// weight exp(-c) in addition to the only one.
TEST(GgmlFindings, ASoftcapBringsPaddedKeysBack) {
  Problem p = constant_problem({.q_len = 64, .kv_len = 1, .v_dim = 16}, 1);
  p.softcap = 1;
  EXPECT_NEAR(output(testing_ggml::best_cpu(), p, true), 1 / (1 + 63 * std::exp(-1.0)), 1e-6);
  p.mask = Tensor(DType::u8, {1, 1, 1, 1});
  p.mask->assign({1});
  EXPECT_EQ(output(testing_ggml::best_cpu(), p, false), 1);  // the mask hides them again
}

// Tiles of 64 rows return 0 for a row with a score that is NaN after one that is a number.
TEST(GgmlFindings, TilesOf64RowsSwallowNanInAKey) {
  for (const std::int64_t rows : {64, 63}) {
    Problem p = constant_problem({.q_len = rows, .kv_len = 2, .v_dim = 16}, 1);
    for (std::int64_t i = 0; i < rows; ++i) p.q.set({0, 0, i, 0}, 1);
    p.k.set({0, 0, 0, 0}, -2);
    p.k.set({0, 0, 1, 0}, std::nan(""));
    for (std::int64_t c = 0; c < 16; ++c) p.v.set({0, 0, 0, c}, 3);
    const RunOutcome outcome = kernel_of(testing_ggml::best_cpu()).run(p, {});
    ASSERT_EQ(outcome.status, RunStatus::ok);
    const double got = outcome.result.out.at({0, 0, 0, 0});
    if (rows == 64)
      EXPECT_EQ(got, 0);
    else
      EXPECT_TRUE(std::isnan(got)) << got;
  }
}

TEST(GgmlFindings, SumsOfHalfPrecisionValuesStopAt2048WhateverThePrecision) {
  const Problem p = constant_problem({.kv_len = 8192}, 1, DType::f16);
  EXPECT_EQ(output("f16-prec-f32", p, true), 0.25);
  EXPECT_EQ(output("f16-prec-f32",
                   constant_problem({.q_len = 64, .kv_len = 8192, .v_dim = 16}, 1, DType::f16), false),
            1);  // tiled: in f32
  EXPECT_EQ(output("bf16", constant_problem({.kv_len = 8192}, 1, DType::bf16), false), 1);
}

TEST(GgmlFindings, SumsOfHalfPrecisionValuesRoundWhateverThePrecision) {
  Problem p = constant_problem({.kv_len = 2}, 1, DType::f16);
  for (std::int64_t c = 0; c < p.v_dim(); ++c) p.v.set({0, 0, 1, c}, 0x1p-11);
  EXPECT_EQ(output("f16-prec-f32", p, true), 0.5);  // the mean is 0.500244
}

TEST(GgmlFindings, SumsOfHalfPrecisionValuesOverflowWhateverThePrecision) {
  EXPECT_EQ(output("f16-prec-f32", constant_problem({.kv_len = 2}, 32768, DType::f16), true), HUGE_VAL);
}

}  // namespace
}  // namespace attest::kernel
