// The table. Shapes keep a suite's lengths, head dims and features; batches and heads are cut down to what
// shows them, and lengths above 2,048 are left out.

#include "check/peers/rules.hpp"

#include <utility>

#include "check/peers/inference_rules.hpp"

namespace attest::check {
namespace {

constexpr PeerInputs kNormal{};

PeerRule flash_attention_2() {
  return {.name = "FlashAttention 2",
          .source = "Dao-AILab/flash-attention, tests/test_flash_attn.py: test_flash_attn_output",
          .read = {"rule", "008951f1d94a"},
          .sentence = "largest error at most twice that of unfused attention in the same type",
          .inputs_sentence = "normal; where there is a softcap, the query is multiplied by it",
          .test = PeerTest::twice_unfused,
          .f32 = {},
          .f16 = PeerLimits{},
          .bf16 = PeerLimits{},
          .inputs = {.query_per_softcap = 1},
          .shapes = {"b1 h2/1 q113 k203 d64", "b1 h2/1 q128 k217 d59 bottom-right",
                     "b1 h2/2 q113 k211 d128 window", "b1 h2/1 q108 k256 d96 bottom-right window alibi",
                     "b1 h1/1 q256 k512 d32 softcap=50", "b1 h1/1 q512 k256 d64 bottom-right alibi",
                     "b1 h1/1 q1023 k1024 d40 bottom-right"}};
}

PeerRule flash_attention_3() {
  return {.name = "FlashAttention 3",
          .source = "Dao-AILab/flash-attention, hopper/test_flash_attn.py: test_flash_attn_output",
          .read = {"rule, inputs, lengths", "01afd16d248c"},
          .sentence =
              "largest error at most twice that of unfused attention (3 times with a softcap), and twice "
              "what adding and subtracting 0.3 does to the reference",
          .inputs_sentence = "normal; where there is a softcap, the query is multiplied by a quarter of it",
          .test = PeerTest::twice_unfused_and_rounding,
          .f32 = {},
          .f16 = PeerLimits{},
          .bf16 = PeerLimits{},
          .inputs = {.query_per_softcap = 0.25},
          .shapes = {"b1 h2/1 q1 k1 d64", "b1 h2/1 q64 k128 d128 bottom-right",
                     "b1 h2/2 q239 k1 d64 bottom-right", "b1 h2/1 q799 k3 d64",
                     "b1 h2/1 q113 k203 d192 softcap=15", "b1 h2/1 q108 k256 d64 bottom-right window",
                     "b1 h1/1 q640 k128 d128 bottom-right", "b1 h1/1 q1024 k1024 d64 bottom-right"}};
}

PeerRule flashinfer() {
  return {.name = "FlashInfer",
          .source =
              "flashinfer-ai/flashinfer, tests/attention/test_batch_prefill_kernels.py, "
              "test_batch_decode_kernels.py",
          .read = {"rule in f16, inputs, lengths", "01fdedd4b98a"},
          .sentence = "atol = rtol = 1e-3 (f16), 1e-2 (bf16)",
          .inputs_sentence = "normal",
          .test = PeerTest::close,
          .f32 = {},
          .f16 = PeerLimits{1e-3, 1e-3},
          .bf16 = PeerLimits{1e-2, 1e-2},
          .inputs = kNormal,
          .shapes = {"b2 h4/4 q1 k54 d128 kv_lens", "b1 h8/1 q37 k54 d128 bottom-right",
                     "b2 h4/4 q17 k97 d128 bottom-right softcap=30 kv_lens", "b1 h4/4 q37 k54 d256",
                     "b1 h2/1 q127 k512 d128 bottom-right"}};
}

PeerRule xformers() {
  return {.name = "xformers",
          .source =
              "facebookresearch/xformers, tests/test_mem_eff_attention.py: test_forward; "
              "xformers/ops/fmha/common.py: ERROR_ATOL, ERROR_RTOL",
          .read = {"rule", "00aeeafc023a"},
          .sentence = "atol/rtol 3e-4/2e-5 (f32), 4e-3/4e-4 (f16), 2e-2/5e-3 (bf16)",
          .inputs_sentence = "normal, deviation 3",
          .test = PeerTest::close,
          .f32 = PeerLimits{3e-4, 2e-5},
          .f16 = PeerLimits{4e-3, 4e-4},
          .bf16 = PeerLimits{2e-2, 5e-3},
          .inputs = {PeerFill::normal, 3},
          .shapes = {"b1 h1/1 q32 k32 d32", "b1 h1/1 q256 k64 d128 top-left",
                     "b1 h1/1 q32 k1024 d32 bottom-right", "b2 h1/1 q3 k128 d32",
                     "b1 h1/1 q256 k132 d32 top-left", "b1 h1/1 q256 k128 d31 bias",
                     "b1 h3/3 q256 k128 d64 bottom-right window", "b2 h2/2 q34 k136 d40 kv_lens"}};
}

PeerRule pytorch_sdpa() {
  return {.name = "PyTorch SDPA",
          .source =
              "pytorch/pytorch, test/test_transformers.py: _check_equal, "
              "test_flash_attention_vs_math_ref_grads, test_mem_efficient_attention_vs_math_ref_grads",
          .read = {"rule, inputs", ""},
          .sentence = "largest error at most 4 times that of unfused attention in the same type, or 1e-5",
          .inputs_sentence = "uniform in [0, 1)",
          .test = PeerTest::four_unfused,
          .f32 = PeerLimits{1e-5},
          .f16 = PeerLimits{1e-5},
          .bf16 = PeerLimits{1e-5},
          .inputs = {PeerFill::uniform, 1, 0},
          .shapes = {"b1 h4/4 q4 k4 d8", "b2 h2/2 q4 k127 d21 top-left", "b1 h2/2 q143 k127 d64 top-left",
                     "b1 h1/1 q143 k579 d96", "b1 h1/1 q143 k579 d203 top-left", "b1 h2/2 q143 k127 d32 bias",
                     "b1 h2/2 q4 k2048 d64"}};
}

PeerRule torch_testing() {
  return {.name = "torch.testing.assert_close",
          .source = "pytorch/pytorch, torch/testing/_comparison.py: default tolerances",
          .read = {"rule", "003029b0eb70"},
          .sentence = "rtol/atol 1.3e-6/1e-5 (f32), 1e-3/1e-5 (f16), 1.6e-2/1e-5 (bf16)",
          .inputs_sentence = "normal",
          .test = PeerTest::close,
          .f32 = PeerLimits{1e-5, 1.3e-6},
          .f16 = PeerLimits{1e-5, 1e-3},
          .bf16 = PeerLimits{1e-5, 1.6e-2},
          .inputs = kNormal,
          .shapes = {"b1 h2/2 q128 k128 d64", "b1 h2/2 q128 k128 d64 top-left"}};
}

PeerRule triton_tutorial() {
  return {.name = "Triton tutorial 06",
          .source = "triton-lang/triton, python/tutorials/06-fused-attention.py: test_op",
          .read = {"rule, inputs, lengths", "003da478d84f"},
          .sentence = "atol = 1e-2, rtol = 0",
          .inputs_sentence = "normal, deviation 0.5; scale 0.5",
          .test = PeerTest::close,
          .f32 = {},
          .f16 = PeerLimits{1e-2, 0},
          .bf16 = {},
          .inputs = {PeerFill::normal, 0.5},
          .scale = 0.5,
          .shapes = {"b1 h1/1 q1024 k1024 d64 bottom-right"}};
}

}  // namespace

const std::optional<PeerLimits>& PeerRule::limits(DType dtype) const {
  static const std::optional<PeerLimits> none;
  switch (dtype) {
    case DType::f32:
      return f32;
    case DType::f16:
      return f16;
    case DType::bf16:
      return bf16;
    default:
      return none;
  }
}

const std::vector<PeerRule>& peer_rules() {
  static const std::vector<PeerRule> rules = [] {
    std::vector<PeerRule> all{flash_attention_2(), flash_attention_3(), flashinfer(),     xformers(),
                              pytorch_sdpa(),      torch_testing(),     triton_tutorial()};
    std::vector<PeerRule> more = inference_rules();
    for (PeerRule& rule : more) all.push_back(std::move(rule));
    return all;
  }();
  return rules;
}

}  // namespace attest::check
