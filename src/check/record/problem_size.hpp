// How much there is to compute in a problem.
#pragma once

#include "problem/problem.hpp"

namespace attest::check {

/// Elements of q, k and v.
inline std::int64_t elements_of(const Problem& p) { return p.q.count() + p.k.count() + p.v.count(); }

/// Scores: rows times keys.
inline double pairs_of(const Problem& p) {
  return static_cast<double>(p.batch() * p.q_heads() * p.q_len()) * static_cast<double>(p.kv_len());
}

/// Products of two numbers: scores times the channels of k and v.
inline double products_of(const Problem& p) {
  return pairs_of(p) * static_cast<double>(p.qk_dim() + p.v_dim());
}

}  // namespace attest::check
