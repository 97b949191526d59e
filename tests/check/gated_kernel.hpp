// A correct kernel that takes the problems of a test's choice.
#pragma once

#include <cmath>
#include <functional>

#include "scripted_kernel.hpp"

namespace attest::check {

using Takes = std::function<bool(const Problem&)>;

inline test::ScriptedKernel gated(const Takes& takes) {
  return test::ScriptedKernel(
      [takes](const Problem& p, const kernel::RunOptions&) { return test::declined_if(!takes(p)); });
}

inline bool tile_64(const Problem& p) {
  return p.q_len() % 64 == 0 && p.kv_len() % 64 == 0 && p.qk_dim() == 64 && p.v_dim() == 64 &&
         p.q_len() * p.kv_len() > 0;
}

inline bool square_causal(const Problem& p) {
  return p.causal != Causal::none && p.q_len() == p.kv_len() && p.qk_dim() == p.v_dim() &&
         (p.qk_dim() == 64 || p.qk_dim() == 128);
}

inline bool usual_scale(const Problem& p) {
  return p.scale == 1 / std::sqrt(static_cast<double>(p.qk_dim()));
}

inline bool narrow_f32(const Problem& p) {
  return p.causal != Causal::none && usual_scale(p) && p.qk_dim() == p.v_dim() && !p.want_lse;
}

}  // namespace attest::check
