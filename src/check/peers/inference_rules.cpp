// The rules of suites for inference and of benchmarks.

#include "check/peers/inference_rules.hpp"

namespace attest::check {
namespace {

constexpr PeerInputs kNormal{};

PeerRule llama_cpp() {
  return {.name = "llama.cpp test-backend-ops",
          .source =
              "ggml-org/llama.cpp, tests/test-backend-ops.cpp: test_flash_attn_ext; the mask's blocks of "
              "-inf are "
              "left out",
          .read = {"measure, inputs", "0054f9286949"},
          .sentence = "normalised mean squared error at most 5e-4",
          .inputs_sentence = "uniform in (-1, 1)",
          .test = PeerTest::mean_square,
          .f32 = PeerLimits{5e-4},
          .f16 = PeerLimits{5e-4},
          .bf16 = PeerLimits{5e-4},
          .inputs = {PeerFill::uniform, 2, -1},
          .shapes = {"b1 h4/4 q1 k113 d64 bias", "b1 h4/1 q3 k512 d128 bias",
                     "b1 h4/4 q35 k113 d80 softcap=10 bias sink=-10:10", "b1 h4/4 q35 k512 d40 alibi",
                     "b1 h4/4 q32 k1024 d64"}};
}

PeerRule onnx_runtime() {
  return {
      .name = "ONNX Runtime",
      .source = "microsoft/onnxruntime, onnxruntime/test/python/transformers/test_gqa.py",
      .read = {"rule in f16 and bf16, lengths", "00ba6003063c"},
      .sentence = "atol = rtol = 5e-3 (f32, f16), atol 1e-2 and rtol 5e-2 (bf16)",
      .inputs_sentence = "normal, deviation 0.2",
      .test = PeerTest::close,
      .f32 = PeerLimits{5e-3, 5e-3},
      .f16 = PeerLimits{5e-3, 5e-3},
      .bf16 = PeerLimits{1e-2, 5e-2},
      .inputs = {PeerFill::normal, 0.2},
      .shapes = {"b1 h9/3 q127 k127 d32 bottom-right", "b3 h8/2 q35 k35 d64 bottom-right softcap=50 kv_lens",
                 "b3 h4/4 q1 k240 d128 bottom-right kv_lens sink=0:1", "b1 h4/4 q240 k240 d80 bottom-right"}};
}

PeerRule kernel_bench() {
  return {.name = "KernelBench",
          .source =
              "ScalingIntelligence/KernelBench, src/eval.py: get_tolerance_for_precision; "
              "level1/97_ScaledDotProductAttention.py",
          .read = {"rule", "01f92ad6103d"},
          .sentence = "atol = rtol = 1e-4 (f32), 1e-2 (f16, bf16)",
          .inputs_sentence = "uniform in [0, 1)",
          .test = PeerTest::close,
          .f32 = PeerLimits{1e-4, 1e-4},
          .f16 = PeerLimits{1e-2, 1e-2},
          .bf16 = PeerLimits{1e-2, 1e-2},
          .inputs = {PeerFill::uniform, 1, 0},
          .shapes = {"b1 h1/1 q16 k512 d1024"}};
}

PeerRule vllm() {
  return {.name = "vLLM",
          .source =
              "vllm-project/vllm, tests/kernels/attention/test_flash_attn.py, "
              "test_triton_unified_attention.py",
          .read = {"rule, inputs, lengths", "0001b995fda5"},
          .sentence = "atol = 1.5e-2, rtol = 1e-2",
          .inputs_sentence = "normal",
          .test = PeerTest::close,
          .f32 = {},
          .f16 = {},
          .bf16 = PeerLimits{1.5e-2, 1e-2},
          .inputs = kNormal,
          .shapes = {"b1 h4/4 q1 k1328 d128 bottom-right", "b1 h8/2 q5 k18 d128 bottom-right",
                     "b1 h1/1 q129 k463 d128 bottom-right",
                     "b2 h4/1 q1 k523 d256 bottom-right softcap=50 kv_lens",
                     "b1 h1/1 q129 k463 d128 bottom-right window=255:0"}};
}

PeerRule transformer_engine() {
  return {.name = "TransformerEngine",
          .source =
              "NVIDIA/TransformerEngine, tests/pytorch/attention/test_attention.py: "
              "test_dot_product_attention",
          .read = {"rule, lengths", "00d14cd04d46"},
          .sentence = "atol = rtol = 1e-3 (f16), 1.5e-2 (bf16)",
          .inputs_sentence = "normal, deviation 0.1",
          .test = PeerTest::close,
          .f32 = {},
          .f16 = PeerLimits{1e-3, 1e-3},
          .bf16 = PeerLimits{1.5e-2, 1.5e-2},
          .inputs = {PeerFill::normal, 0.1},
          .shapes = {"b1 h2/2 q128 k128 d64", "b1 h2/2 q128 k256 d64 kv_lens",
                     "b1 h2/1 q128 k128 d128 top-left", "b1 h2/2 q128 k128 d64 bias",
                     "b1 h2/2 q128 k256 d128 bottom-right window", "b1 h2/2 q1 k2048 d128"}};
}

PeerRule cutlass() {
  return {.name = "CUTLASS example 77",
          .source = "NVIDIA/cutlass, examples/77_blackwell_fmha/77_blackwell_fmha.cu: verify",
          .read = {"rule, inputs", "019c5c979aea"},
          .sentence = "largest error below 1e-2 and mean error below 1e-3",
          .inputs_sentence = "normal",
          .test = PeerTest::max_and_mean,
          .f32 = {},
          .f16 = PeerLimits{1e-2, 1e-3},
          .bf16 = {},
          .inputs = kNormal,
          .shapes = {"b1 h1/1 q64 k1024 d128", "b1 h1/1 q64 k1024 d128 bottom-right"}};
}

PeerRule flashinfer_bench() {
  return {.name = "FlashInfer-Bench",
          .source = "flashinfer-ai/flashinfer-bench, flashinfer_bench/bench/config.py",
          .read = {"rule", "1039e39db83d"},
          .sentence = "atol = rtol = 1e-2",
          .inputs_sentence = "normal",
          .test = PeerTest::close,
          .f32 = {},
          .f16 = PeerLimits{1e-2, 1e-2},
          .bf16 = PeerLimits{1e-2, 1e-2},
          .inputs = kNormal,
          .shapes = {"b3 h8/2 q1 k200 d128 kv_lens", "b1 h4/1 q64 k192 d128 bottom-right"}};
}

PeerRule gpucheck() {
  return {.name = "gpucheck",
          .source = "Akasxh/gpucheck, README.md: tolerance table, shape fuzzing",
          .read = {"rule", "5dcbf83b4aee"},
          .sentence = "atol = rtol = 1e-4 (f32), 1e-2 (f16), 5e-2 (bf16)",
          .inputs_sentence = "normal",
          .test = PeerTest::close,
          .f32 = PeerLimits{1e-4, 1e-4},
          .f16 = PeerLimits{1e-2, 1e-2},
          .bf16 = PeerLimits{5e-2, 5e-2},
          .inputs = kNormal,
          .shapes = {"b1 h1/1 q1 k1 d1", "b1 h1/1 q7 k13 d31", "b1 h2/2 q127 k127 d64 top-left",
                     "b1 h1/1 q257 k255 d64", "b1 h1/1 q31 k1031 d64 bottom-right"}};
}

PeerRule gpuemu() {
  return {.name = "gpuemu",
          .source = "Skelf-Research/gpuemu, README.md: calibrated tolerances",
          .read = {"rule", "0f632321a971"},
          .sentence =
              "largest error at most 1.5 times the 95th percentile of those of correct kernels (the "
              "controls of this library)",
          .inputs_sentence = "normal; its adversarial values, the default, are left out",
          .test = PeerTest::envelope,
          .f32 = PeerLimits{1.5},
          .f16 = PeerLimits{1.5},
          .bf16 = PeerLimits{1.5},
          .inputs = kNormal,
          .shapes = {"b1 h1/1 q1 k16 d64", "b1 h2/2 q17 k33 d64", "b1 h2/2 q64 k64 d64 bottom-right",
                     "b1 h2/2 q127 k129 d64 bottom-right", "b1 h1/1 q64 k256 d128"}};
}

}  // namespace

std::vector<PeerRule> inference_rules() {
  return {llama_cpp(), onnx_runtime(),     kernel_bench(), vllm(),  transformer_engine(),
          cutlass(),   flashinfer_bench(), gpucheck(),     gpuemu()};
}

}  // namespace attest::check
