// What a problem uses beyond the plainest attention: the unit in which kernels decline, and findings are
// explained.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "problem/problem.hpp"

namespace attest {

enum class Feature : std::uint8_t {
  causal_top_left,
  causal_bottom_right,
  window_left,
  window_right,
  softcap,
  bias,
  masking_bias,  ///< a bias that holds -inf
  mask,
  broadcast,  ///< a bias or mask with an axis of extent 1 that the problem has more of
  alibi,
  sink,
  kv_lens,
  several_heads,
  grouped_heads,  ///< fewer key/value heads than query heads
  several_batches,
  nothing,          ///< batch, q_len or kv_len is 0
  single_query,     ///< q_len 1
  longer_keys,      ///< kv_len > q_len
  longer_queries,   ///< q_len > kv_len
  odd_dims,         ///< a head dim that is not a multiple of 8
  wide_dims,        ///< a head dim above 64
  unequal_dims,     ///< qk_dim differs from v_dim
  permuted,         ///< an input whose axes are not in row-major order in memory
  padded,           ///< an input with gaps between rows
  repeated,         ///< an input with a stride of 0
  strided_scores,   ///< a bias or mask that is not packed in row-major order; strides of 0 included
  strided_vectors,  ///< slopes, sink or kv_lens that are not packed
  strided_out,      ///< an out or lse that is not packed in row-major order
  shared_address,   ///< two inputs that are one in memory
  far_offsets,      ///< an element further than 2^31 elements from the first of its tensor
  scale,            ///< a scale other than 1/sqrt(qk_dim)
  negative_scale,
  zero_scale,
  lse,
  f64,
  f32,
  f16,
  bf16,
  mixed_dtypes,  ///< k and v in another dtype than q
  count_,
};
inline constexpr std::size_t kFeatures = static_cast<std::size_t>(Feature::count_);

class FeatureSet : public std::bitset<kFeatures> {
 public:
  using std::bitset<kFeatures>::bitset;
  bool has(Feature f) const { return test(static_cast<std::size_t>(f)); }
  void add(Feature f, bool on = true) {
    if (on) set(static_cast<std::size_t>(f));
  }
  bool subset_of(const FeatureSet& other) const { return (*this & ~other).none(); }
};

/// "causal=bottom-right", "softcap", "head dims not multiples of 8", ...
std::string_view name_of(Feature feature);
FeatureSet features_of(const Problem& problem);

}  // namespace attest
