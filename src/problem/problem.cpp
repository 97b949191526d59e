#include "problem/problem.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace attest {
namespace {

std::string bad_shape(const char* name, const Tensor& tensor, const std::string& wanted) {
  return fmt::format("{} has shape [{}], expected {}", name, fmt::join(tensor.shape(), ", "), wanted);
}

bool broadcasts(std::int64_t extent, std::int64_t full) { return extent == full || extent == 1; }

std::string why_score_tensor(const Problem& p, const char* name, const Tensor& t, DType dtype) {
  if (t.dtype() != dtype)
    return fmt::format("{} is {}, must be {}", name, name_of(t.dtype()), name_of(dtype));
  const bool shaped = t.rank() == 4 && broadcasts(t.dim(0), p.batch()) && broadcasts(t.dim(1), p.q_heads()) &&
                      broadcasts(t.dim(2), p.q_len()) && t.dim(3) == p.kv_len();
  return shaped ? "" : bad_shape(name, t, "[batch|1, q_heads|1, q_len|1, kv_len]");
}

std::string why_vector(const char* name, const Tensor& t, DType dtype, std::int64_t length,
                       const char* axis) {
  if (t.dtype() != dtype)
    return fmt::format("{} is {}, must be {}", name, name_of(t.dtype()), name_of(dtype));
  if (t.rank() != 1 || t.dim(0) != length)
    return bad_shape(name, t, fmt::format("[{}] = [{}]", axis, length));
  return "";
}

std::string why_main_tensors(const Problem& p) {
  for (const auto& [name, t] : {std::pair{"q", &p.q}, std::pair{"k", &p.k}, std::pair{"v", &p.v}}) {
    if (t->rank() != 4) return fmt::format("{} has rank {}, must have 4", name, t->rank());
    if (!is_floating(t->dtype())) return fmt::format("{} is {}, must be a float", name, name_of(t->dtype()));
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

// NaN and +inf have no meaning as an additive score; -inf masks.
std::string why_additive(const char* name, const Tensor& t) {
  for (const double x : t.values()) {
    if (std::isnan(x) || x == HUGE_VAL) return fmt::format("{} holds {}; it must be finite or -inf", name, x);
  }
  return "";
}

std::string why_optional_tensors(const Problem& p) {
  std::string why;
  if (p.bias && why.empty()) why = why_score_tensor(p, "bias", *p.bias, DType::f32);
  if (p.bias && why.empty()) why = why_additive("bias", *p.bias);
  if (p.mask && why.empty()) why = why_score_tensor(p, "mask", *p.mask, DType::u8);
  if (p.mask && why.empty()) {
    for (const double x : p.mask->values()) {
      if (x > 1) return fmt::format("mask holds {}; only 0 and 1 are values of a mask", x);
    }
  }
  if (p.alibi_slopes && why.empty()) {
    why = why_vector("alibi_slopes", *p.alibi_slopes, DType::f32, p.q_heads(), "q_heads");
  }
  if (p.alibi_slopes && why.empty()) {
    for (const double x : p.alibi_slopes->values()) {
      if (!std::isfinite(x)) return fmt::format("alibi_slopes holds {}; slopes are finite", x);
    }
  }
  if (p.sink && why.empty()) why = why_vector("sink", *p.sink, DType::f32, p.q_heads(), "q_heads");
  if (p.sink && why.empty()) why = why_additive("sink", *p.sink);
  if (p.kv_lens && why.empty()) why = why_vector("kv_lens", *p.kv_lens, DType::i32, p.batch(), "batch");
  if (p.kv_lens && why.empty()) {
    for (const double n : p.kv_lens->values()) {
      if (n < 0 || n > static_cast<double>(p.kv_len())) {
        return fmt::format("kv_lens holds {}, outside 0..kv_len = {}", n, p.kv_len());
      }
    }
  }
  return why;
}

std::string why_output(const char* name, const std::vector<std::int64_t>& shape,
                       const std::vector<std::int64_t>& strides) {
  if (strides.empty()) return "";
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
  const auto add = [&](const char* name, const std::vector<std::int64_t>& shape,
                       const std::vector<std::int64_t>& strides, DType dtype) {
    const std::int64_t bytes =
        std::min(storage_elements(shape, strides), kMaxSpan) * static_cast<std::int64_t>(size_of(dtype));
    span += bytes;
    if (bytes > most) largest = name;
    most = std::max(most, bytes);
  };
  const auto add_tensor = [&](const char* name, const Tensor& t) {
    add(name, t.shape(), t.memory_strides(), t.dtype());
  };
  add_tensor("q", p.q);
  add_tensor("k", p.k);
  add_tensor("v", p.v);
  if (p.bias) add_tensor("bias", *p.bias);
  if (p.mask) add_tensor("mask", *p.mask);
  if (p.alibi_slopes) add_tensor("alibi_slopes", *p.alibi_slopes);
  if (p.sink) add_tensor("sink", *p.sink);
  if (p.kv_lens) add_tensor("kv_lens", *p.kv_lens);
  add("out", p.out_shape(), out_strides_of(p), p.q.dtype());
  if (p.want_lse) add("lse", p.lse_shape(), lse_strides_of(p), p.lse_dtype());
  if (span <= kMaxSpan) return "";
  return fmt::format("the tensors span more than 2^36 bytes of memory, {} the most", largest);
}

}  // namespace

bool k_lies_in_q(const Problem& p) { return p.q_is_k && same_in_memory(p.q, p.k); }
bool v_lies_in_k(const Problem& p) { return p.k_is_v && same_in_memory(p.k, p.v); }

std::vector<std::int64_t> out_strides_of(const Problem& p) {
  return p.out_strides.empty() ? row_major_strides(p.out_shape()) : p.out_strides;
}

std::vector<std::int64_t> lse_strides_of(const Problem& p) {
  return p.lse_strides.empty() ? row_major_strides(p.lse_shape()) : p.lse_strides;
}

std::string why_invalid(const Problem& p) {
  if (std::string why = why_main_tensors(p); !why.empty()) return why;
  if (!std::isfinite(p.scale)) return fmt::format("scale is {}, must be finite", p.scale);
  if (!std::isfinite(p.softcap) || p.softcap < 0)
    return fmt::format("softcap is {}, must be >= 0", p.softcap);
  if (p.window_left < -1 || p.window_right < -1) return "a window limit is below -1";
  if (std::string why = why_output("out", p.out_shape(), p.out_strides); !why.empty()) return why;
  if (std::string why = why_output("lse", p.lse_shape(), p.lse_strides); !why.empty()) return why;
  if (std::string why = why_optional_tensors(p); !why.empty()) return why;
  return why_memory(p);
}

std::string describe(const Problem& p) {
  std::string text = fmt::format("b{} h{}/{} q{} k{} d{}/{} {}", p.batch(), p.q_heads(), p.kv_heads(),
                                 p.q_len(), p.kv_len(), p.qk_dim(), p.v_dim(), name_of(p.q.dtype()));
  if (p.k.dtype() != p.q.dtype()) text += fmt::format("/{}", name_of(p.k.dtype()));
  if (p.causal == Causal::top_left) text += " causal=top-left";
  if (p.causal == Causal::bottom_right) text += " causal=bottom-right";
  if (p.window_left != -1 || p.window_right != -1) {
    text += fmt::format(" window=({},{})", p.window_left, p.window_right);
  }
  if (p.softcap != 0) text += fmt::format(" softcap={}", p.softcap);
  if (p.bias) text += " bias";
  if (p.mask) text += " mask";
  if (p.alibi_slopes) text += " alibi";
  if (p.sink) text += " sink";
  if (p.kv_lens) text += " kv_lens";
  return text;
}

}  // namespace attest
