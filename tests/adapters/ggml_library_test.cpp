// Finding the libraries, which variants there are, what they decline, and the blocks of quantised caches.
#include <cstdlib>

#include "ggml_support.hpp"
#include "kernel/adapters/ggml/blocks.hpp"
#include "kernel/adapters/ggml/inputs.hpp"
#include "kernel/adapters/ggml/variants.hpp"
#include "kernel/kernel_spec.hpp"
#include "kernel/unavailable.hpp"

namespace attest::kernel {
namespace {

using testing_ggml::constant_problem;
using testing_ggml::kernel_of;
using testing_ggml::vector_of;

TEST(GgmlLibrary, IsThePinnedVersion) { EXPECT_EQ(kernel_of("f16").info().version, "0.25.1 (0ad4a86)"); }

TEST(GgmlLibrary, SaysHowToInstallWhatIsMissing) {
  try {
    ggml::load_library("/nonexistent", "x64");
    FAIL();
  } catch (const KernelOpenError& error) {
    EXPECT_NE(std::string(error.what()).find("ggml is not installed: run ./attest setup"), std::string::npos);
  }
}

TEST(GgmlLibrary, SaysHowToInstallTheVulkanBackend) {
  try {
    ggml::load_vulkan("/nonexistent");
    FAIL();
  } catch (const KernelUnavailable& error) {
    EXPECT_EQ(error.why, "the pinned GPU kernels are not installed; ./attest setup --gpu installs them");
  }
}

TEST(GgmlLibrary, RunsOnADeviceOnlyWhereThatIsNamed) {
  const std::vector<std::string> specs = expand_kernel_spec("ggml");
  for (const std::string& variant : ggml_adapter().device_variants) {
    const std::string spec = "ggml:" + variant;
    EXPECT_EQ(std::count(specs.begin(), specs.end(), spec), 0) << spec;
    EXPECT_EQ(expand_kernel_spec(spec), std::vector{spec});
    EXPECT_TRUE(computes_on_device(spec));
  }
  EXPECT_EQ(ggml_adapter().device_variants.size(), 3U);
  EXPECT_FALSE(computes_on_device("ggml:f16"));
}

TEST(GgmlLibrary, RunsPairsOfTypesOnlyWhereTheyAreNamed) {
  const std::vector<std::string> specs = expand_kernel_spec("ggml");
  for (const char* variant : {"q4_1", "q5_0", "q5_1", "iq4_nl", "q8_0-f16", "f32-q4_0", "bf16-iq4_nl"}) {
    const std::string spec = std::string("ggml:") + variant;
    EXPECT_EQ(std::count(specs.begin(), specs.end(), spec), 0) << spec;
    EXPECT_EQ(expand_kernel_spec(spec), std::vector{spec});
    EXPECT_FALSE(computes_on_device(spec));
  }
  for (const char* wrong : {"ggml:f16-f16", "ggml:q8_0-", "ggml:q3_K"})
    EXPECT_THROW(expand_kernel_spec(wrong), KernelOpenError) << wrong;
}

TEST(GgmlLibrary, SaysWhatEachPairOfTypesDoesToQueriesAndSums) {
  EXPECT_EQ(kernel_of("q4_1-f16").info().contract,
            "f32;q_conversion=q8_1;accumulate_numerator=f16;kv_storage=q4_1/f16;division=reciprocal");
  EXPECT_EQ(kernel_of("iq4_nl-bf16").info().contract,
            "f32;q_conversion=q8_0;kv_storage=iq4_nl/bf16;division=reciprocal");
  EXPECT_EQ(kernel_of("f32-q5_0").info().contract, "f32;kv_storage=as-given/q5_0;division=reciprocal");
}

TEST(GgmlLibrary, NamesEveryCpuLibraryAsAVariantOrUnavailable) {
  const AdapterFamily family = ggml_adapter();
  std::size_t available = 0;
  for (const ggml::CpuLibrary& cpu : ggml::cpu_libraries()) available += cpu.lacking.empty();
  EXPECT_EQ(available + family.unavailable.size(), 14U);
  EXPECT_EQ(family.variants.size(), available + 6);
  EXPECT_GE(available, 1U);
  for (const auto& [name, why] : family.unavailable) {
    EXPECT_THROW(parse_kernel_spec("ggml:" + name), KernelOpenError);
    EXPECT_THROW(ggml::load_library(ggml::library_folder(), name), KernelOpenError) << why;
  }
  EXPECT_EQ(unavailable_kernels("ggml").size(), family.unavailable.size());
  EXPECT_TRUE(unavailable_kernels("ggml:f16").empty());
  EXPECT_TRUE(unavailable_kernels("exec:a {in} {out}").empty());
}

void expect_declined(const std::string& variant, const Problem& p) {
  ASSERT_EQ(why_invalid(p), "");
  EXPECT_EQ(kernel_of(variant).run(p, {}).status, RunStatus::unsupported) << describe(p);
}

TEST(GgmlDeclines, WhatTheOperatorDoesNotExpress) {
  const Problem plain = constant_problem({.q_heads = 2, .kv_heads = 2, .q_len = 2, .kv_len = 3}, 1);
  EXPECT_EQ(kernel_of("f16").run(plain, {}).status, RunStatus::ok);
  Problem p = plain;
  p.want_lse = true;
  expect_declined("f16", p);
  p = plain;
  p.scale = 1e39;
  expect_declined("f16", p);
  p = plain;
  p.bias = Tensor(DType::f32, {1, 1, 1, 3});
  p.bias->assign({0, 0.1, 0});  // 0.1F is no f16
  expect_declined("f16", p);
  p = plain;
  p.sink = vector_of({0, -HUGE_VAL});
  expect_declined("f16", p);
  p = plain;
  p.alibi_slopes = vector_of({0.5, 0.5});
  expect_declined("f16", p);
  expect_declined("f16", constant_problem({.q_len = 0, .kv_len = 3}, 1));
  expect_declined("f16", constant_problem({.kv_len = 0}, 1));
}

TEST(GgmlDeclines, ValuesThatTheCacheDoesNotHold) {
  expect_declined("f16", constant_problem({.kv_len = 2}, 0.1));
  expect_declined("bf16", constant_problem({.kv_len = 2}, 0.1));
  expect_declined("q8_0", constant_problem({.kv_len = 2}, 1));
  expect_declined("q4_0", constant_problem({.kv_len = 2}, std::nan("")));
  EXPECT_EQ(kernel_of("q8_0").run(constant_problem({.kv_len = 2}, 127), {}).result.out.at({0, 0, 0, 7}), 127);
  EXPECT_EQ(kernel_of("q4_0").run(constant_problem({.kv_len = 2}, -0.5), {}).result.out.at({0, 0, 0, 7}),
            -0.5);
}

TEST(GgmlBlocks, AreReadAsTheirFormatIsDefined) {
  std::vector<std::byte> block(34);
  encode(DType::f16, 0.5, block.data());
  block[2] = std::byte{3};
  block[33] = std::byte{0xff};
  const std::vector<float> eight = ggml::dequantised(ggml::Type::q8_0, block);
  EXPECT_EQ(eight.size(), 32U);
  EXPECT_EQ(eight[0], 1.5F);
  EXPECT_EQ(eight[31], -0.5F);
  block.resize(18);
  block[2] = std::byte{0xf0};
  const std::vector<float> four = ggml::dequantised(ggml::Type::q4_0, block);
  EXPECT_EQ(four[0], -4);     // nibble 0
  EXPECT_EQ(four[16], 3.5F);  // nibble 15
}

TEST(GgmlBlocks, HaveAMinimumAndAFifthBit) {
  std::vector<std::byte> block(20);
  encode(DType::f16, 0.5, block.data());
  encode(DType::f16, 3, block.data() + 2);
  block[4] = std::byte{0xf1};
  const std::vector<float> four = ggml::dequantised(ggml::Type::q4_1, block);
  EXPECT_EQ(four[0], 3.5F);
  EXPECT_EQ(four[16], 10.5F);
  EXPECT_EQ(four[1], 3);
  block.assign(24, std::byte{0});
  encode(DType::f16, 0.5, block.data());
  encode(DType::f16, -3, block.data() + 2);
  block[4] = std::byte{1};     // channel 0
  block[7] = std::byte{0x80};  // channel 31
  block[8] = std::byte{2};
  block[23] = std::byte{0xf0};
  const std::vector<float> five = ggml::dequantised(ggml::Type::q5_1, block);
  EXPECT_EQ(five[0], 6);
  EXPECT_EQ(five[31], 12.5F);
  EXPECT_EQ(five[1], -3);
  block.erase(block.begin() + 2, block.begin() + 4);
  EXPECT_EQ(ggml::dequantised(ggml::Type::q5_0, block)[0], 1);      // 18 - 16
  EXPECT_EQ(ggml::dequantised(ggml::Type::q5_0, block)[31], 7.5F);  // 31 - 16
  block.assign(18, std::byte{0x80});
  encode(DType::f16, 2, block.data());
  const std::vector<float> nonlinear = ggml::dequantised(ggml::Type::iq4_nl, block);
  EXPECT_EQ(nonlinear[0], -254);
  EXPECT_EQ(nonlinear[16], 2);
}

TEST(GgmlInputs, MaxBiasGivesBackTheSlopes) {
  const auto slope = [](double exponent) { return std::exp2(exponent); };
  EXPECT_EQ(ggml::max_bias_of({slope(-8)}), 8.0F);
  EXPECT_EQ(ggml::max_bias_of({slope(-4), slope(-8)}), 8.0F);
  EXPECT_EQ(ggml::max_bias_of({slope(-4), slope(-8), slope(-2)}), 8.0F);
  EXPECT_FALSE(ggml::max_bias_of({slope(-4), slope(-7)}));
  EXPECT_FALSE(ggml::max_bias_of({1}));  // max_bias 0 is no ALiBi
  EXPECT_FALSE(ggml::max_bias_of({-1}));
}

}  // namespace
}  // namespace attest::kernel
