// The faults and controls by name, once: the enumeration, the catalogue and the exported symbols follow.
#pragma once

// name: what is wrong is said in src/faults/catalogue.cpp.
#define ATTEST_FAULTS(X)         \
  X(causal_top_left)             \
  X(causal_key_ahead)            \
  X(causal_key_ahead_tile_rows)  \
  X(causal_key_ahead_last_tile)  \
  X(causal_key_ahead_one_row)    \
  X(mask_last_tile_only)         \
  X(window_own_token)            \
  X(window_oldest_token)         \
  X(tail_scores_zero)            \
  X(tail_values_read)            \
  X(softcap_after_mask)          \
  X(nan_masked_tile)             \
  X(initial_max_finite)          \
  X(mask_fill_finite)            \
  X(rescale_skipped)             \
  X(rescale_numerator_skipped)   \
  X(rescale_denominator_skipped) \
  X(divides_in_loop)             \
  X(lse_base2_merged)            \
  X(empty_split_uninitialised)   \
  X(empty_split_lse_zero)        \
  X(head_modulo)                 \
  X(head_by_kv_heads)            \
  X(mask_row_stride)             \
  X(mask_head_broadcast)         \
  X(key_strides_ignored)         \
  X(key_offset_16_bits)          \
  X(key_index_8_bits)            \
  X(score_rounded_f16)           \
  X(accumulate_f16)              \
  X(accumulate_bf16)             \
  X(exp_constant)                \
  X(exp_range)                   \
  X(scale_missing)               \
  X(scale_twice)                 \
  X(scale_5_percent)             \
  X(key0_dropped)                \
  X(values_swapped)              \
  X(values_mean)                 \
  X(zeros)                       \
  X(stale_page)                  \
  X(value_scale_of_key)          \
  X(rows_transposed)             \
  X(batch_ignored)

#define ATTEST_CONTROLS(X) \
  X(correct)               \
  X(tile_1)                \
  X(tile_7)                \
  X(tile_128)              \
  X(key_order_reversed)    \
  X(tree_sums)             \
  X(fused_multiply_add)    \
  X(exp2_folded)           \
  X(lazy_rescale)          \
  X(split_2)               \
  X(split_7)               \
  X(split_5_by_lse)        \
  X(probability_16_bits)   \
  X(score_plus_1)          \
  X(score_plus_1_no_lse)   \
  X(loop_past_the_end)     \
  X(loop_tight)            \
  X(reciprocal)            \
  X(flush_to_zero)
