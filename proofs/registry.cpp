// The theorems in the order of the report.
#include "subjects.hpp"
#include "theorems.hpp"

namespace attest {
namespace {

std::vector<Theorem> with_subjects(std::vector<Theorem> theorems) {
  for (Theorem& theorem : theorems) theorem.code = subject_of(theorem.name);
  return theorems;
}

}  // namespace

const std::vector<Theorem>& theorems() {
  static const std::vector<Theorem> all = with_subjects({
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
      numerator_within(),
      numerator_within_e4m3(),
      numerator_within_f16(),
      numerator_within_f32(),
      sentinel_1e4(),
      sentinel_5e4(),
      sentinel_zero(),
      masked_fill(),
      empty_split(),
      divide_once(),
      constant_space(),
      space_invariant(),
      rounding_dot_step(),
      rounding_rescale_step(),
      rounding_exp_argument(),
  });
  return all;
}

}  // namespace attest
