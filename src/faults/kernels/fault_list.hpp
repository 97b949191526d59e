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
  X(batch_ignored)               \
  X(causal_four_rows)            \
  X(causal_wide_key_tile)        \
  X(causal_offset_unsigned)      \
  X(causal_dropped_one_row)      \
  X(causal_unasked)              \
  X(mask_row_offset_32_bits)     \
  X(mask_keys_packed)            \
  X(mask_strides_ignored)        \
  X(bias_strides_ignored)        \
  X(heads_before_rows)           \
  X(head_tiles_cut_groups)       \
  X(batch_modulo_4)              \
  X(window_values_read)          \
  X(window_32_bits)              \
  X(window_right_ignored)        \
  X(sink_of_empty_split)         \
  X(sink_base_2)                 \
  X(sink_scaled)                 \
  X(sink_ignored)                \
  X(kv_lens_ignored)             \
  X(kv_lens_one_short)           \
  X(scalars_of_first_call)       \
  X(exp2_rounded_maximum)        \
  X(lazy_rescale_of_group)       \
  X(rescale_contracted)          \
  X(products_tf32)               \
  X(query_in_f16)                \
  X(tail_scores_zero_d128)       \
  X(softcap_after_bias)          \
  X(initial_max_zero)            \
  X(initial_max_flt_min)         \
  X(initial_max_minus_1e4)       \
  X(initial_max_minus_1e30)      \
  X(outputs_1_percent_f32)       \
  X(channels_modulo_8_skipped)   \
  X(channels_past_64_skipped)    \
  X(channels_192_256_skipped)    \
  X(last_rows_repeated)

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

// name, what it takes, its fault there (none: a control).
#define ATTEST_NARROW(X)                                                            \
  X(narrow_tile64, tile64, none)                                                    \
  X(narrow_tile64_sink_ignored, tile64, sink_ignored)                               \
  X(narrow_tile64_kv_lens_ignored, tile64, kv_lens_ignored)                         \
  X(narrow_causal, equal_causal, none)                                              \
  X(narrow_causal_key_ahead, equal_causal, causal_key_ahead)                        \
  X(narrow_decode, decode, none)                                                    \
  X(narrow_decode_kv_lens_one_short, decode, kv_lens_one_short)                     \
  X(narrow_f16_cache, f16_cache, none)                                              \
  X(narrow_f16_cache_accumulate_f16, f16_cache, accumulate_f16)                     \
  X(narrow_f16_cache_outputs_1_percent, f16_cache, outputs_1_percent_f32)           \
  X(narrow_scale, one_scale, none)                                                  \
  X(narrow_scale_head_by_kv_heads, one_scale, head_by_kv_heads)                     \
  X(narrow_grouped, grouped, none)                                                  \
  X(narrow_grouped_head_modulo, grouped, head_modulo)                               \
  X(narrow_single_key, single_key, none)                                            \
  X(narrow_single_key_batch_ignored, single_key, batch_ignored)                     \
  X(narrow_plain_causal, plain_causal, none)                                        \
  X(narrow_plain_causal_outputs_1_percent, plain_causal, outputs_1_percent_f32)     \
  X(narrow_plain_causal_batch_ignored, plain_causal, batch_ignored)                 \
  X(narrow_plain_causal_channels_modulo_8, plain_causal, channels_modulo_8_skipped) \
  X(narrow_plain_causal_channels_past_64, plain_causal, channels_past_64_skipped)
