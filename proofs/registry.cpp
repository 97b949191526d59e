// The theorems in the order of the report.
#include "theorems.hpp"

namespace attest {

const std::vector<Theorem>& theorems() {
  static const std::vector<Theorem> all{
      block_represents(),
      tile_loop(),
      tile_is_loop(),
      merge_adds_sums(),
      splits_add_sums(),
      step_is_merge(),
      absorb_adds_sums(),
      lazy_adds_sums(),
      finalize_is_mean(),
      merge_commutes(),
      merge_associates(),
      state_determined(),
      merge_identity(),
      finalize_injective(),
      shift_invariance(),
      value_linearity(),
      range(),
      duplication(),
      masked_keys(),
      guarded_is_recurrence(),
      lse_merge(),
      lse_shift(),
      decode_is_prefill(),
      chunk_is_prefill(),
      layers_recompute(),
      flip_book_attention(),
      affine_chain(),
      cell_linear_attention(),
      cell_retention(),
      cell_wkv(),
      cell_selective_scan(),
      e1_step(),
      e1_end(),
      e1_bounds(),
      e1_quotient(),
      e2_shift(),
      a_two_sided(),
      gradient(),
      no_nan_f16(),
      no_nan_bf16(),
      no_nan_f32(),
      saturation_f16(),
      saturation_bf16(),
      saturation_f32(),
      saturation_tiles(),
  };
  return all;
}

}  // namespace attest
