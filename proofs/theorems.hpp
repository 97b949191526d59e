// Every theorem: one a file, declared here in the order of the report.
#pragma once

#include <vector>

#include "prove/theorem.hpp"

namespace attest {

/// All of them, in the order of the report.
const std::vector<Theorem>& theorems();

// 1. The recurrence is the definition.
Theorem block_represents();
Theorem tile_loop();
Theorem tile_is_loop();
Theorem merge_adds_sums();
Theorem splits_add_sums();
Theorem step_is_merge();
Theorem absorb_adds_sums();
Theorem lazy_adds_sums();
Theorem finalize_is_mean();

// 2. Merging.
Theorem merge_commutes();
Theorem merge_associates();
Theorem state_determined();
Theorem merge_identity();
Theorem finalize_injective();

// 3. What attention promises.
Theorem shift_invariance();
Theorem value_linearity();
Theorem range();
Theorem duplication();
Theorem masked_keys();
Theorem guarded_is_recurrence();

// 4. The log-sum-exp. 5. Decoding.
Theorem lse_merge();
Theorem lse_shift();
Theorem decode_is_prefill();
Theorem chunk_is_prefill();

// 6. Layers. 7. Flip-book RNNs.
Theorem layers_recompute();
Theorem flip_book_attention();
Theorem affine_chain();
Theorem cell_linear_attention();
Theorem cell_retention();
Theorem cell_wkv();
Theorem cell_selective_scan();

// 8. The error bound.
Theorem e1_step();
Theorem e1_end();
Theorem e1_bounds();
Theorem e1_quotient();
Theorem e2_shift();
Theorem a_two_sided();

// 9. Gradients.
Theorem gradient();

// 10. No NaN. 11. Saturation.
Theorem no_nan_f16();
Theorem no_nan_bf16();
Theorem no_nan_f32();
Theorem saturation_f16();
Theorem saturation_bf16();
Theorem saturation_f32();
Theorem saturation_tiles();

// 12. The numerator within the denominator. 13. Sentinels, masks, empty splits. 14. The other faults of the
// recurrence are faults of the theorems above (fault_table.hpp).
Theorem numerator_within();
Theorem numerator_within_e4m3();
Theorem numerator_within_f16();
Theorem numerator_within_f32();
Theorem sentinel_1e4();
Theorem sentinel_5e4();
Theorem sentinel_zero();
Theorem masked_fill();
Theorem empty_split();
Theorem divide_once();

// 15. Space (chc/). The roundings behind the bound (gappa/).
Theorem constant_space();
Theorem space_invariant();
Theorem rounding_dot_step();
Theorem rounding_rescale_step();
Theorem rounding_exp_argument();

}  // namespace attest
