// com.microsoft GroupQueryAttention.
#include <algorithm>

#include "kernel/adapters/onnxruntime/inputs.hpp"
#include "kernel/adapters/onnxruntime/operators.hpp"

namespace attest::kernel::onnxruntime {
namespace {

// The operator's only alignment: the queries are the last q_len tokens of lens[b], the rest is past.
// Top-left is that over the first q_len keys, if they all exist.
std::optional<std::vector<std::int64_t>> aligned_lens(const Request& r) {
  const auto shortest = *std::min_element(r.lens.begin(), r.lens.end());
  if (shortest < r.q_len) return std::nullopt;
  if (r.direction != Direction::top_left) return r.lens;
  return std::vector<std::int64_t>(r.lens.size(), r.q_len);
}

// attention_bias: [batch or 1, heads or 1, q_len, keys]; also all the masking that the operator lacks.
std::optional<Array> bias_input(const Request& r, std::int64_t keys, bool own_window) {
  MaskExtent extent = mask_extent(r);
  extent.keys = keys;
  if (!own_window && !r.uniform()) extent.batch = r.batch;
  return float_mask(r, extent, [&](std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) {
    return (own_window || r.in_window(b, i, j)) && (!r.mask || r.mask->at(b, h, i, j) != 0);
  });
}

bool all_zero(const std::vector<double>& sink) {
  return std::all_of(sink.begin(), sink.end(), [](double s) { return s == 0; });
}

}  // namespace

std::optional<Call> group_query_attention(const Request& r) {
  if (!contrib_takes(r)) return std::nullopt;
  const auto lens = aligned_lens(r);
  // One head_size for q, k and v; "head_size must be a multiple of 8".
  if (!lens || r.qk_dim != r.v_dim || r.qk_dim % 8 != 0) return std::nullopt;
  const std::int64_t keys = *std::max_element(lens->begin(), lens->end());
  const std::int64_t past = keys - r.q_len;
  // "batch_size must be 1 when sequence_length > 1 and past context is given"
  if (past > 0 && r.q_len > 1 && r.batch > 1) return std::nullopt;

  Call call{
      {"GroupQueryAttention",
       "com.microsoft",
       1,
       {{"num_heads", r.q_heads}, {"kv_num_heads", r.kv_heads}, {"scale", static_cast<float>(r.scale)}}},
      {},
      Layout::blhd,
      2};
  auto& attributes = call.op.attributes;
  if (!r.causal()) attributes.emplace_back("causal", std::int64_t{0});
  if (r.softcap > 0) attributes.emplace_back("softcap", static_cast<float>(r.softcap));
  // local_window_size counts the row's own key; "must be -1 when causal is 0".
  const bool own_window = r.causal() || !r.windowed();
  if (r.causal() && r.window_left >= 0) attributes.emplace_back("local_window_size", r.window_left + 1);

  std::vector<std::int64_t> own(lens->size()), last(lens->size());
  for (std::size_t b = 0; b < own.size(); ++b) {
    own[b] = (*lens)[b] - r.q_len;
    last[b] = (*lens)[b] - 1;  // seqlens_k: "total_sequence_lengths - 1"
  }
  call.inputs.resize(12);
  call.inputs[0] = rows(r.q, Layout::blhd);
  call.inputs[1] = rows(r.k, own, r.q_len, Layout::blhd);
  call.inputs[2] = rows(r.v, own, r.q_len, Layout::blhd);
  if (past > 0) {
    call.inputs[3] = rows(r.k, 0, past, Layout::bhld);
    call.inputs[4] = rows(r.v, 0, past, Layout::bhld);
  }
  call.inputs[5] = integers(Element::i32, last, {r.batch});
  call.inputs[6] = integers(Element::i32, {keys}, {1});
  if (r.bias || r.mask || !own_window) {
    call.inputs[10] = bias_input(r, keys, own_window);
    if (!call.inputs[10]) return std::nullopt;
  }
  if (!r.sink.empty() && all_zero(r.sink)) {
    attributes.emplace_back("smooth_softmax", std::int64_t{1});  // a sink of 0 in every head
  } else if (!r.sink.empty()) {
    call.inputs[11] = reals(r.q.dtype, r.sink);
    if (!call.inputs[11]) return std::nullopt;
  }
  return call;
}

}  // namespace attest::kernel::onnxruntime
