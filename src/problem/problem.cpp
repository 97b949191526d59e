#include "problem/problem.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "problem/signature.hpp"

namespace attest {
namespace {

std::string bad_shape(std::string_view name, const Tensor& tensor, const std::string& wanted) {
  return fmt::format("{} has shape [{}], expected {}", name, fmt::join(tensor.shape(), ", "), wanted);
}

// Whether a kernel is called with the problem.
enum class Use : std::uint8_t { call, capture };

bool fits_dtype(const Problem& p, const Input& input, DType dtype, Use use) {
  if (dtype == *input.dtype) return true;
  const bool bias = input.per_score() && input.values == InputValues::additive;
  return use == Use::capture && bias && dtype == DType::f64 && p.q.dtype() == DType::f64;
}

// Of an optional input.
std::string why_shape(const Problem& p, const Input& input, const Tensor& t, Use use) {
  if (!fits_dtype(p, input, t.dtype(), use))
    return fmt::format("{} is {}, must be {}", input.name, name_of(t.dtype()), name_of(*input.dtype));
  bool shaped = t.rank() == input.rank;
  for (std::size_t axis = 0; shaped && axis < input.rank; ++axis) {
    const auto [role, broadcasts] = input.axes[axis];
    shaped = t.dim(axis) == extent_of(p, role) || (broadcasts && t.dim(axis) == 1);
  }
  if (shaped) return "";
  std::string expected = shape_text(input);
  if (input.is_vector()) expected += fmt::format(" = [{}]", extent_of(p, input.axes.front().role));
  return bad_shape(input.name, t, expected);
}

// What of a value breaks the rule; empty: nothing.
std::string why_value(const Problem& p, InputValues values, double x) {
  switch (values) {
    case InputValues::any:
      return "";
    case InputValues::finite:
      return std::isfinite(x) ? "" : "; it must be finite";
    case InputValues::additive:  // NaN and +inf have no meaning as an additive score
      return std::isnan(x) || x == HUGE_VAL ? "; it must be finite or -inf" : "";
    case InputValues::bits:
      return x == 0 || x == 1 ? "" : "; only 0 and 1 are values of a mask";
    case InputValues::lengths:
      return x < 0 || x > static_cast<double>(p.kv_len())
                 ? fmt::format(", outside 0..kv_len = {}", p.kv_len())
                 : "";
  }
  return "";
}

// A matrix at a time, and what repeats along an axis once: a mask may have one for each head of each batch.
std::string why_values(const Problem& p, const Input& input, const Tensor& t) {
  std::vector<std::int64_t> shape = t.shape();
  std::vector<std::int64_t> strides = t.strides();
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (strides[axis] == 0) shape[axis] = std::min<std::int64_t>(shape[axis], 1);
  }
  shape.insert(shape.begin(), 4 - shape.size(), 1);
  strides.insert(strides.begin(), 4 - strides.size(), 0);
  if (t.count() == 0) return "";
  const auto size = static_cast<std::int64_t>(size_of(t.dtype()));
  for (std::int64_t b = 0; b < shape[0]; ++b) {
    for (std::int64_t h = 0; h < shape[1]; ++h) {
      const Tensor matrix = Tensor::borrowed(t.dtype(), {shape[2], shape[3]}, {strides[2], strides[3]},
                                             t.data() + (b * strides[0] + h * strides[1]) * size);
      for (const double x : matrix.values()) {
        if (const std::string why = why_value(p, input.values, x); !why.empty())
          return fmt::format("{} holds {}{}", input.name, x, why);
      }
    }
  }
  return "";
}

std::string why_main_tensors(const Problem& p) {
  for (const Input& input : required_inputs()) {
    const Tensor& t = *input.of(p);
    if (t.rank() != input.rank)
      return fmt::format("{} has rank {}, must have {}", input.name, t.rank(), input.rank);
    if (!is_floating(t.dtype()))
      return fmt::format("{} is {}, must be a float", input.name, name_of(t.dtype()));
  }
  if (p.k.dtype() != p.v.dtype()) return "k and v differ in dtype";
  if (p.q_heads() < 1 || p.kv_heads() < 1) return "q_heads and kv_heads must be at least 1";
  if (p.qk_dim() < 1 || p.v_dim() < 1) return "qk_dim and v_dim must be at least 1";
  if (p.q_heads() % p.kv_heads() != 0) {
    return fmt::format("kv_heads {} does not divide q_heads {}", p.kv_heads(), p.q_heads());
  }
  if (p.k.dim(0) != p.batch() || p.k.dim(3) != p.qk_dim()) {
    return bad_shape("k", p.k, fmt::format("[{}, kv_heads, kv_len, {}]", p.batch(), p.qk_dim()));
  }
  if (p.v.dim(0) != p.batch() || p.v.dim(1) != p.kv_heads() || p.v.dim(2) != p.kv_len()) {
    return bad_shape("v", p.v, fmt::format("[{}, {}, {}, v_dim]", p.batch(), p.kv_heads(), p.kv_len()));
  }
  return "";
}

std::string why_optional_tensors(const Problem& p, Use use) {
  for (const Input& input : optional_inputs()) {
    const Tensor* t = input.of(p);
    if (t == nullptr) continue;
    if (std::string why = why_shape(p, input, *t, use); !why.empty()) return why;
    if (std::string why = why_values(p, input, *t); !why.empty()) return why;
  }
  return "";
}

std::string why_output(const Problem& p, const OutputTensor& output) {
  const std::vector<std::int64_t>& strides = p.*output.strides;
  if (strides.empty()) return "";
  const std::string_view name = output.name;
  const std::vector<std::int64_t> shape = output.shape_in(p);
  if (strides.size() != shape.size())
    return fmt::format("{} has {} strides, must have {}", name, strides.size(), shape.size());
  if (*std::min_element(strides.begin(), strides.end()) < 0)
    return fmt::format("{} has a negative stride", name);
  return overlapping(shape, strides)
             ? fmt::format("{} has strides [{}], which overlap", name, fmt::join(strides, ", "))
             : "";
}

std::string why_memory(const Problem& p) {
  std::int64_t span = 0;
  std::string largest;
  std::int64_t most = 0;
  const auto add = [&](std::string_view name, const std::vector<std::int64_t>& shape,
                       const std::vector<std::int64_t>& strides, DType dtype) {
    const std::int64_t bytes =
        std::min(storage_elements(shape, strides), kMaxSpan) * static_cast<std::int64_t>(size_of(dtype));
    span += bytes;
    if (bytes > most) largest = name;
    most = std::max(most, bytes);
  };
  for (const Input& input : kForward.inputs) {
    if (const Tensor* t = input.of(p)) add(input.name, t->shape(), t->memory_strides(), t->dtype());
  }
  for (const OutputTensor& output : kForward.outputs) {
    if (output.is_wanted(p)) add(output.name, output.shape_in(p), output.strides_in(p), output.dtype(p));
  }
  if (span <= kMaxSpan) return "";
  return fmt::format("the tensors span more than 2^36 bytes of memory, {} the most", largest);
}

std::string why_invalid_for(const Problem& p, Use use) {
  if (std::string why = why_main_tensors(p); !why.empty()) return why;
  if (!std::isfinite(p.scale)) return fmt::format("scale is {}, must be finite", p.scale);
  if (!std::isfinite(p.softcap) || p.softcap < 0)
    return fmt::format("softcap is {}, must be >= 0", p.softcap);
  if (use == Use::call && p.q_start) return "q_start has a meaning in captures only";
  if (p.q_start && std::llabs(*p.q_start) > kMaxSpan)
    return fmt::format("q_start is {}, must be within 2^36 of 0", *p.q_start);
  if (p.window_left < -1 || p.window_right < -1) return "a window limit is below -1";
  for (const OutputTensor& output : kForward.outputs) {
    if (std::string why = why_output(p, output); !why.empty()) return why;
  }
  if (std::string why = why_optional_tensors(p, use); !why.empty()) return why;
  return why_memory(p);
}

}  // namespace

bool k_lies_in_q(const Problem& p) { return p.q_is_k && same_in_memory(p.q, p.k); }
bool v_lies_in_k(const Problem& p) { return p.k_is_v && same_in_memory(p.k, p.v); }

std::vector<std::int64_t> out_strides_of(const Problem& p) { return tensor_of(Output::out).strides_in(p); }
std::vector<std::int64_t> lse_strides_of(const Problem& p) { return tensor_of(Output::lse).strides_in(p); }

std::string why_invalid(const Problem& p) { return why_invalid_for(p, Use::call); }
std::string why_invalid_capture(const Problem& p) { return why_invalid_for(p, Use::capture); }

std::string describe(const Problem& p) {
  std::string text = fmt::format("b{} h{}/{} q{} k{} d{}/{} {}", p.batch(), p.q_heads(), p.kv_heads(),
                                 p.q_len(), p.kv_len(), p.qk_dim(), p.v_dim(), name_of(p.q.dtype()));
  if (p.k.dtype() != p.q.dtype()) text += fmt::format("/{}", name_of(p.k.dtype()));
  if (p.causal != Causal::none) text += fmt::format(" causal={}", name_of(p.causal));
  if (p.q_start) text += fmt::format(" q_start={}", *p.q_start);
  if (p.window_left != -1 || p.window_right != -1) {
    text += fmt::format(" window=({},{})", p.window_left, p.window_right);
  }
  if (p.softcap != 0) text += fmt::format(" softcap={}", p.softcap);
  for (const Input& input : optional_inputs()) {
    if (input.of(p) != nullptr) text += fmt::format(" {}", input.short_name);
  }
  return text;
}

}  // namespace attest
