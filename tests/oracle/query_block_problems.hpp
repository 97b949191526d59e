// One query row of 64 channels, two blocks, over some keys with one value each.
#pragma once

#include <cstdint>

#include "problem/problem.hpp"

namespace attest::test {

inline constexpr std::int64_t kBlockedDim = 64;

inline Problem blocked_query_problem(std::int64_t keys) {
  Problem p;
  p.q = Tensor(DType::f32, {1, 1, 1, kBlockedDim});
  p.k = Tensor(DType::f32, {1, 1, keys, kBlockedDim});
  p.v = Tensor(DType::f32, {1, 1, keys, 1});
  p.want_lse = false;
  return p;
}

/// The result of such a problem.
inline Result blocked_query_result(double out) {
  Result r;
  r.out = Tensor(DType::f32, {1, 1, 1, 1});
  r.out.assign({out});
  return r;
}

}  // namespace attest::test
