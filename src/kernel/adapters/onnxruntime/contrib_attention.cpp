// com.microsoft Attention: self-attention with its own projection of the input to q, k and v.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "kernel/adapters/onnxruntime/contrib_masks.hpp"
#include "kernel/adapters/onnxruntime/inputs.hpp"
#include "kernel/adapters/onnxruntime/operators.hpp"

namespace attest::kernel::onnxruntime {
namespace {

// Bounds the identity matrix of the projection to 64 MiB.
constexpr std::int64_t kMaxHidden = 4096;

// [q | k | v] along the last axis of rank 3 arrays.
Array packed(const Array& q, const Array& k, const Array& v) {
  const std::int64_t hidden = q.shape[2] + k.shape[2] + v.shape[2];
  Array array = make_array(q.element, {q.shape[0], q.shape[1], hidden});
  std::byte* to = array.data.data();
  for (std::int64_t row = 0; row < q.shape[0] * q.shape[1]; ++row) {
    for (const Array* part : {&q, &k, &v}) {
      const std::size_t bytes = static_cast<std::size_t>(part->shape[2]) * size_of(part->element);
      std::memcpy(to, part->data.data() + static_cast<std::size_t>(row) * bytes, bytes);
      to += bytes;
    }
  }
  return array;
}

// Products with 1 and sums with products with 0 are exact, so the projection returns its input.
Array identity(DType dtype, std::int64_t size) {
  Array array = make_array(element_of(dtype), {size, size});
  const std::size_t item = size_of(array.element);
  for (std::int64_t i = 0; i < size; ++i) {
    encode(dtype, 1, array.data.data() + static_cast<std::size_t>(i * size + i) * item);
  }
  return array;
}

// How the problem divides into the operator's input and past; nullopt when it does not.
struct Shape {
  std::int64_t keys, past;  // keys in all, of which past
  std::int64_t qk, values;  // hidden sizes of q and k, and of v
  std::int64_t hidden() const { return 2 * qk + values; }
};

std::optional<Shape> shape_of(const Request& r) {
  // q, k and v of the input are equally long; more keys are past. Top-left sees the first q_len keys only.
  const std::int64_t keys = r.direction == Direction::top_left ? std::min(r.kv_len, r.q_len) : r.kv_len;
  const Shape s{keys, keys - r.q_len, r.q_heads * r.qk_dim, r.q_heads * r.v_dim};
  if (s.past < 0 || s.hidden() > kMaxHidden) return std::nullopt;
  // "When there is past state, hidden dimension for Q, K and V shall be the same"; and the library says
  // "Attention cannot have both past and attention_bias".
  if (s.past > 0 && (s.qk != s.values || needs_bias(r))) return std::nullopt;
  return s;
}

// [2, batch, heads, past, dim]
Array past_state(const Request& r, const Shape& s) {
  Array state = rows(r.k, 0, s.past, Layout::bhld);
  const Array values = rows(r.v, 0, s.past, Layout::bhld);
  state.data.insert(state.data.end(), values.data.begin(), values.data.end());
  state.shape.insert(state.shape.begin(), 2);
  return state;
}

// The projection multiplies all of a row's input by 0 or 1, and 0 times NaN is NaN: such a row is another
// input than the problem's. What lies past kv_lens may be anything.
bool holds_nan(const Request& r) {
  const auto row_holds = [](const View& t, std::int64_t b, std::int64_t h, std::int64_t i) {
    for (std::int64_t c = 0; c < t.shape[3]; ++c) {
      if (std::isnan(t.at(b, h, i, c))) return true;
    }
    return false;
  };
  for (std::int64_t b = 0; b < r.batch; ++b) {
    for (std::int64_t h = 0; h < r.q_heads; ++h) {
      for (std::int64_t i = 0; i < r.q_len; ++i) {
        if (row_holds(r.q, b, h, i)) return true;
      }
      for (std::int64_t j = 0; j < r.lens[static_cast<std::size_t>(b)]; ++j) {
        if (row_holds(r.k, b, h, j) || row_holds(r.v, b, h, j)) return true;
      }
    }
  }
  return false;
}

}  // namespace

std::optional<Call> contrib_attention(const Request& r) {
  // It has none of these.
  if (!contrib_takes(r) || r.q_heads != r.kv_heads || r.softcap > 0 || !r.sink.empty()) return std::nullopt;
  const auto shape = shape_of(r);
  if (!shape || holds_nan(r)) return std::nullopt;
  const Shape& s = *shape;
  const bool own_causal = r.direction == Direction::top_left || (r.causal() && !r.padded);
  Call call{{"Attention",
             "com.microsoft",
             1,
             {{"num_heads", r.q_heads},
              {"scale", static_cast<float>(r.scale)},
              {"mask_filter_value", std::numeric_limits<float>::lowest()},
              {"qkv_hidden_sizes", std::vector<std::int64_t>{s.qk, s.qk, s.values}},
              {"unidirectional", std::int64_t{own_causal ? 1 : 0}}}},
            {},
            Layout::blhd,
            0};
  call.inputs.resize(6);
  call.inputs[0] = packed(rows(r.q, Layout::blhd), rows(r.k, s.past, s.keys, Layout::blhd),
                          rows(r.v, s.past, s.keys, Layout::blhd));
  call.inputs[1] = identity(r.q.dtype, s.hidden());
  // The projection's bias is optional in the document, but version 1.30 crashes without it on the CPU.
  call.inputs[2] = make_array(element_of(r.q.dtype), {s.hidden()});
  call.inputs[3] = integer_mask(r, s.keys, s.past, own_causal);
  if (s.past > 0) {
    call.inputs[4] = past_state(r, s);
    call.extra_outputs = 1;
  }
  if (needs_bias(r)) {
    call.inputs[5] = additive_bias(r, s.keys);
    if (!call.inputs[5]) return std::nullopt;
  }
  return call;
}

}  // namespace attest::kernel::onnxruntime
