// ai.onnx Attention.
#include <cmath>

#include "kernel/adapters/onnxruntime/inputs.hpp"
#include "kernel/adapters/onnxruntime/operators.hpp"

namespace attest::kernel::onnxruntime {
// The default, as the kernels compute it.
bool is_default_scale(const Request& r) {
  return static_cast<float>(r.scale) == 1.0F / std::sqrt(static_cast<float>(r.qk_dim));
}

// The scale is a float attribute, and positive ("scale must be greater than 0 if specified"). In f32 and f16
// its rounding is one that the bound's h_s + 2 counts; the function body multiplies q and k by its square
// root, taken in f32 for every type, so that for f64 this must be exact.
bool takes_scale(const Request& r) {
  if (!(r.scale > 0)) return false;
  const float root = std::sqrt(static_cast<float>(r.scale));
  return r.q.dtype != DType::f64 || static_cast<double>(root) * static_cast<double>(root) == r.scale;
}

namespace {

// What the operator itself masks; the rest goes into attn_mask.
struct OwnMasking {
  bool causal = false;   // is_causal: above the diagonal of the upper left corner, moved by the past's length
  bool lengths = false;  // nonpad_kv_seqlen
  bool padding = false;  // padded keys are hidden: by lengths, or because they lie after every row
  std::int64_t past = 0;
};

bool needs_mask(const Request& r, const OwnMasking& own) {
  return r.bias || r.mask || r.windowed() || (r.padded && !own.padding) || (r.causal() && !own.causal);
}

// What the CPU provider computes itself; f64 it takes from the function body of ONNX 1.22.
bool has_kernel(const Request& r) { return r.q.dtype == DType::f32 || r.q.dtype == DType::f16; }

// is_causal's alignment with nonpad_kv_seqlen: lower right, batch by batch, in the kernels (the ONNX erratum
// onnx/onnx#8068, in ONNX Runtime since microsoft/onnxruntime#28958), still upper left in the function body.
bool causal_fits(const Request& r, const OwnMasking& own) {
  if (own.lengths) return has_kernel(r) == (r.direction == Direction::bottom_right);
  return r.direction == Direction::top_left || (!r.padded && r.q_len <= r.kv_len);
}

// Causality ends before the padded keys: with a past of the keys before the rows, is_causal hides them, and
// more new keys than rows are passed.
bool hides_padding(const Request& r) {
  return r.direction == Direction::bottom_right && r.padded && has_kernel(r) && r.uniform() &&
         r.lens.front() >= r.q_len;
}

// How many keys are passed as the past. Without causality any number means the same; opset 23 has half.
std::int64_t past_of(const Request& r, const OwnMasking& own, std::int64_t opset) {
  if (own.lengths) return 0;
  if (!r.causal()) return opset < 24 ? r.kv_len / 2 : 0;
  if (!own.causal || r.direction != Direction::bottom_right) return 0;
  return (own.padding ? r.lens.front() : r.kv_len) - r.q_len;
}

// Opset 23's document says of attn_mask and is_causal "only one [...] can be provided"; its node tests and
// its function body have both. Opset 24's: is_causal holds "regardless of the attn_mask input", and
// nonpad_kv_seqlen is not to be used with a past. Both in f64 do not load (docs/findings.md).
OwnMasking own_masking(const Request& r, std::int64_t opset) {
  OwnMasking own;
  own.lengths = r.padded && opset >= 24;
  own.padding = own.lengths || hides_padding(r);
  own.causal = r.causal() && (own.padding && !own.lengths ? true : causal_fits(r, own));
  if (opset < 24 && own.causal && needs_mask(r, own) && !has_kernel(r)) own.causal = false;
  own.past = past_of(r, own, opset);
  return own;
}

// Without the leading axes of extent 1: a mask may have any rank that broadcasts, of which the library takes
// 2 to 4.
void drop_leading_axes(Array& mask) {
  while (mask.shape.size() > 2 && mask.shape.front() == 1) mask.shape.erase(mask.shape.begin());
}

std::optional<Array> mask_input(const Request& r, const OwnMasking& own) {
  MaskExtent extent = mask_extent(r);
  if (r.padded) extent.batch = r.batch;
  const auto sees = [&](std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) {
    return r.in_window(b, i, j) && (own.causal || r.before(b, i, j)) &&
           (own.padding || j < r.lens[static_cast<std::size_t>(b)]) &&
           (!r.mask || r.mask->at(b, h, i, j) != 0);
  };
  if (r.bias) return float_mask(r, extent, sees);
  return bool_mask(r, extent, sees);
}

std::optional<Call> attention(const Request& r, std::int64_t opset, Layout layout) {
  if (!takes_scale(r) || !r.sink.empty()) return std::nullopt;  // the operator has no sink
  // bf16 has neither a kernel nor a MatMul for the function body.
  if (r.q.dtype == DType::bf16) return std::nullopt;
  // The kernels give 0 for a row without visible keys (microsoft/onnxruntime#28958), the function body NaN.
  if (adapters::has_empty_row(r) && !has_kernel(r)) return std::nullopt;
  const OwnMasking own = own_masking(r, opset);
  Call call{{"Attention", "", opset, {}}, {}, layout, 0};
  auto& attributes = call.op.attributes;
  if (!is_default_scale(r)) attributes.emplace_back("scale", static_cast<float>(r.scale));
  if (own.causal) attributes.emplace_back("is_causal", std::int64_t{1});
  if (r.softcap > 0) attributes.emplace_back("softcap", static_cast<float>(r.softcap));
  if (layout == Layout::blhd) {
    attributes.emplace_back("q_num_heads", r.q_heads);
    attributes.emplace_back("kv_num_heads", r.kv_heads);
  }
  call.inputs = {rows(r.q, layout), rows(r.k, own.past, r.kv_len, layout),
                 rows(r.v, own.past, r.kv_len, layout)};
  if (needs_mask(r, own)) {
    call.inputs.resize(4);
    call.inputs[3] = mask_input(r, own);
    if (!call.inputs[3]) return std::nullopt;  // a bias that the element type cannot hold
    if (opset < 24) drop_leading_axes(*call.inputs[3]);
  }
  if (own.past > 0) {
    call.inputs.resize(6);
    call.inputs[4] = rows(r.k, 0, own.past, Layout::bhld);
    call.inputs[5] = rows(r.v, 0, own.past, Layout::bhld);
    call.extra_outputs = 2;
    call.presents = {rows(r.k, Layout::bhld), rows(r.v, Layout::bhld)};
  }
  if (own.lengths) {
    call.inputs.resize(7);
    call.inputs[6] = integers(Element::i64, r.lens, {r.batch});
  }
  return call;
}

}  // namespace

// The two layouts take different paths through the kernel (transposed matrix products), so one variant has
// each.
std::optional<Call> attention_23(const Request& r) { return attention(r, 23, Layout::blhd); }
std::optional<Call> attention_24(const Request& r) { return attention(r, 24, Layout::bhld); }

}  // namespace attest::kernel::onnxruntime
