#include "problem/problem.hpp"

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

}  // namespace

std::string why_invalid(const Problem& p) {
  if (std::string why = why_main_tensors(p); !why.empty()) return why;
  if (!std::isfinite(p.scale)) return fmt::format("scale is {}, must be finite", p.scale);
  if (!std::isfinite(p.softcap) || p.softcap < 0)
    return fmt::format("softcap is {}, must be >= 0", p.softcap);
  if (p.window_left < -1 || p.window_right < -1) return "a window limit is below -1";
  return why_optional_tensors(p);
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
