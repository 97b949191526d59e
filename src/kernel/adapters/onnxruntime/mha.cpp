// com.microsoft MultiHeadAttention.
#include <limits>

#include "kernel/adapters/onnxruntime/contrib_masks.hpp"
#include "kernel/adapters/onnxruntime/inputs.hpp"
#include "kernel/adapters/onnxruntime/operators.hpp"

namespace attest::kernel::onnxruntime {
std::optional<Call> multi_head_attention(const Request& r) {
  // It has none of these.
  if (!contrib_takes(r) || r.q_heads != r.kv_heads || r.softcap > 0 || !r.sink.empty()) return std::nullopt;
  // unidirectional: "every token can only attend to previous tokens", counted from the past's length on.
  const bool own_causal =
      r.direction == Direction::top_left || (r.direction == Direction::bottom_right && !r.padded);
  const std::int64_t past = own_causal && r.direction == Direction::bottom_right ? r.kv_len - r.q_len : 0;
  if (past > 0 && r.qk_dim != r.v_dim) return std::nullopt;  // past_value has head_size, as past_key
  // The default mask_filter_value is -10000: a masked key would keep a weight where scores are that low.
  Call call{{"MultiHeadAttention",
             "com.microsoft",
             1,
             {{"num_heads", r.q_heads},
              {"scale", static_cast<float>(r.scale)},
              {"mask_filter_value", std::numeric_limits<float>::lowest()},
              {"unidirectional", std::int64_t{own_causal ? 1 : 0}}}},
            {},
            Layout::blhd,
            0};
  call.inputs = {rows(r.q, Layout::blhd), rows(r.k, past, r.kv_len, Layout::blhd),
                 rows(r.v, past, r.kv_len, Layout::blhd), std::nullopt};
  call.inputs.push_back(integer_mask(r, r.kv_len, past, own_causal));
  call.inputs.push_back(needs_bias(r) ? additive_bias(r, r.kv_len) : std::nullopt);
  if (needs_bias(r) && !call.inputs.back()) return std::nullopt;
  if (past > 0) {
    call.inputs.emplace_back(rows(r.k, 0, past, Layout::bhld));
    call.inputs.emplace_back(rows(r.v, 0, past, Layout::bhld));
    call.extra_outputs = 2;
  }
  return call;
}

}  // namespace attest::kernel::onnxruntime
