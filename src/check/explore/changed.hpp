// One choice of an outline changed, the others kept.
#pragma once

#include <cstdint>

#include "check/outline/features.hpp"
#include "check/outline/outline.hpp"

namespace attest::check {

/// 0: none, 1: top-left, 2: bottom-right.
inline Outline with_causal(Outline outline, int kind) {
  outline.options.set(static_cast<std::size_t>(Feature::causal_top_left), kind == 1);
  outline.options.set(static_cast<std::size_t>(Feature::causal_bottom_right), kind == 2);
  return outline;
}

inline Outline with_lengths(Outline outline, std::int64_t q_len, std::int64_t kv_len) {
  outline.shape.q_len = q_len;
  outline.shape.kv_len = kv_len;
  return outline;
}

inline Outline with_dims(Outline outline, std::int64_t qk_dim, std::int64_t v_dim) {
  outline.shape.qk_dim = qk_dim;
  outline.shape.v_dim = v_dim;
  return outline;
}

}  // namespace attest::check
