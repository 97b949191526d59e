#include "check/outline/gen_context.hpp"

namespace attest {

GenContext::GenContext() {
  chance.fill(0);
  set(Feature::causal_top_left, 0.2);
  set(Feature::causal_bottom_right, 0.3);
  set(Feature::window_left, 0.2);
  set(Feature::window_right, 0.16);
  set(Feature::softcap, 0.15);
  set(Feature::bias, 0.2);
  set(Feature::masking_bias, 0.4);  // given a bias
  set(Feature::mask, 0.2);
  set(Feature::broadcast, 0.5);  // given a bias or mask
  set(Feature::alibi, 0.15);
  set(Feature::sink, 0.18);
  set(Feature::kv_lens, 0.22);
  set(Feature::several_heads, 0.6);
  set(Feature::grouped_heads, 0.5);  // given several heads
  set(Feature::several_batches, 0.35);
  set(Feature::nothing, 0.02);
  set(Feature::single_query, 0.15);
  set(Feature::longer_keys, 0.35);
  set(Feature::longer_queries, 0.2);
  set(Feature::odd_dims, 0.6);
  set(Feature::wide_dims, 0.12);
  set(Feature::unequal_dims, 0.4);
  set(Feature::permuted, 0.12);        // each input
  set(Feature::padded, 0.1);           // each input
  set(Feature::repeated, 0.06);        // each input
  set(Feature::strided_scores, 0.25);  // given a bias or mask
  set(Feature::strided_vectors, 0.2);  // given slopes, a sink or lengths
  set(Feature::strided_out, 0.1);
  set(Feature::shared_address, 0.06);
  set(Feature::far_offsets, 0.01);
  set(Feature::scale, 0.8);
  set(Feature::negative_scale, 0.1);  // given a scale
  set(Feature::zero_scale, 0.04);     // given a scale
  set(Feature::lse, 0.6);
  set(Feature::f64, 0.15);
  set(Feature::f32, 0.4);
  set(Feature::f16, 0.2);
  set(Feature::bf16, 0.25);
  set(Feature::mixed_dtypes, 0.06);
}

}  // namespace attest
