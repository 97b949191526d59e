// A plain tiled f32 kernel, correct unless told otherwise: what the campaign is tried on.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "kernel/kernel.hpp"

namespace attest::test {

/// A contract for all dtypes, of kernels that shall have declared one: what is declared is not explained.
inline constexpr const char* kEveryPreset = "f64|f32|flash-bf16|unfused-bf16|flash-f16|unfused-f16";

// One place in which the kernel is wrong: its name, and what it does.
#define ATTEST_PLAIN_FAULTS(FAULT)                                                                           \
  FAULT(none, "nothing is wrong")                                                                            \
  FAULT(one_key_too_far, "causal rows see the next key")                                                     \
  FAULT(one_key_too_far_at_tiles, "the same in rows that end a tile of 8 keys")                              \
  FAULT(rescale_missing, "the numerator is not rescaled when the maximum changes")                           \
  FAULT(nan_on_empty, "0/0 in rows that see nothing")                                                        \
  FAULT(poison_after_empty, "a row after an empty one is NaN")                                               \
  FAULT(key0_dropped, "key 0 is never seen")                                                                 \
  FAULT(mean_of_values, "weights are ignored")                                                               \
  FAULT(zeros, "every output is 0")                                                                          \
  FAULT(head_map, "h % kv_heads instead of h / group")                                                       \
  FAULT(kv_lens_ignored, "keys past kv_lens are seen")                                                       \
  FAULT(lse_base2, "the lse is in base 2")                                                                   \
  FAULT(softcap_ignored, "no softcap")                                                                       \
  FAULT(window_off_by_one, "the oldest key of a window is missing")                                          \
  FAULT(scale_squared, "scale applied twice")                                                                \
  FAULT(keeps_state, "every third call is off by an ulp or two")                                             \
  FAULT(reads_output, "adds 0 times what out held")                                                          \
  FAULT(last_bit, "an ulp too much: within every bound, not within the exact laws")                          \
  FAULT(masks_by_penalty, "masked keys keep a score lowered by 1e4")                                         \
  FAULT(denominator_biased, "l is 1.0001 l")                                                                 \
  FAULT(small_penalty, "masked keys keep a score lowered by 40")                                             \
  FAULT(rescale_clamped, "rescale factors are at least 1e-4")                                                \
  FAULT(no_maximum, "exponentials without the maximum subtracted")                                           \
  FAULT(mxcsr_left, "leaves the rounding mode upward")                                                       \
  FAULT(two_threads, "off with two threads")                                                                 \
  FAULT(top_left_key_too_far, "rows of top-left causality see the next key")                                 \
  FAULT(last_key_dropped, "the last of kv_len keys is never seen where no lengths are given")                \
  FAULT(top_left_from_the_end, "top-left causality counts from the end")                                     \
  FAULT(bottom_right_from_the_start, "bottom-right causality counts from the start")                         \
  FAULT(position_by_kv_len, "positions count from kv_len, whatever kv_lens says")                            \
  FAULT(uncausal_from_the_start, "without causality positions count from the start")                         \
  FAULT(unsigned_position, "a row before the first key takes its position for the largest of all")           \
  FAULT(window_left_ignored, "no limit to the left")                                                         \
  FAULT(window_right_ignored, "no limit to the right")                                                       \
  FAULT(window_right_ignored_at_left_0, "no limit to the right where the one to the left is 0")              \
  FAULT(window_0_is_none, "a limit of 0 to the left is taken for none")                                      \
  FAULT(lone_window_both, "a limit to the left alone limits to the right as well")                           \
  FAULT(window_32_bits, "limits of a window are kept in 32 bits")                                            \
  FAULT(window_wraps, "position + limit wraps")                                                              \
  FAULT(mask_ignored, "masked keys are seen")                                                                \
  FAULT(bias_clamped, "a bias of -inf is taken for -40")                                                     \
  FAULT(bias_ignored, "finite biases are not added")                                                         \
  FAULT(bias_one_batch, "every batch takes the bias and mask of batch 0")                                    \
  FAULT(bias_one_head, "every head takes the bias and mask of head 0")                                       \
  FAULT(bias_one_row, "every row takes the bias and mask of row 0")                                          \
  FAULT(softcap_after_bias, "the softcap bends score and bias together")                                     \
  FAULT(scale_after_softcap, "the scale is applied after the softcap")                                       \
  FAULT(scale_absolute, "the sign of the scale is lost")                                                     \
  FAULT(zero_scale_is_default, "a scale of 0 is taken for 1/sqrt(d)")                                        \
  FAULT(slope_added, "slopes are added instead of subtracted")                                               \
  FAULT(slope_absolute, "the sign of the slope is lost")                                                     \
  FAULT(slope_of_head_0, "every head takes the slope of head 0")                                             \
  FAULT(distance_signed, "slopes are multiplied by pos - j, without the absolute value")                     \
  FAULT(distance_from_row, "distances are |i - j|")                                                          \
  FAULT(sink_ignored, "no sink")                                                                             \
  FAULT(sink_of_head_0, "every head takes the sink of head 0")                                               \
  FAULT(sink_minus_infinity_is_0, "a sink of -inf counts as one of 0")                                       \
  FAULT(lse_without_sink, "the lse leaves the sink out")                                                     \
  FAULT(lse_0_on_empty, "the lse of a row that sees nothing is 0")                                           \
  FAULT(sink_lost_on_empty, "the lse of a row that sees nothing is -inf, sink or not")                       \
  FAULT(kv_as_type_of_q, "16-bit keys and values are read in the type of q")                                 \
  FAULT(off_in_f32, "1 % too much in f32")                                                                   \
  FAULT(off_in_f16, "1 % too much in f16")                                                                   \
  FAULT(off_in_bf16, "1 % too much in bf16")                                                                 \
  FAULT(q_strides_ignored, "q is read as packed")                                                            \
  FAULT(k_strides_ignored, "k is read as packed")                                                            \
  FAULT(v_strides_ignored, "v is read as packed")                                                            \
  FAULT(bias_strides_ignored, "bias and mask are read as packed")                                            \
  FAULT(vector_strides_ignored, "slopes, sink and kv_lens are read as packed")                               \
  FAULT(out_strides_ignored, "out is written as packed")                                                     \
  FAULT(lse_strides_ignored, "lse is written as packed")                                                     \
  FAULT(stride_0_is_1, "an axis of stride 0 is read with stride 1, wrapping at the end")                     \
  FAULT(fails_without_batch, "status 7 where batch is 0")                                                    \
  FAULT(fails_without_rows, "status 7 where q_len is 0")                                                     \
  FAULT(fails_without_keys, "status 7 where kv_len is 0")                                                    \
  FAULT(fails_without_lse, "status 7 where lse is NULL")                                                     \
  FAULT(fails_unaligned, "status 7 where q is not aligned to 64 bytes")                                      \
  FAULT(batch_0, "every batch reads keys and values of batch 0")                                             \
  FAULT(kv_lens_of_batch_0, "every batch has the length of batch 0")                                         \
  FAULT(fails_at_length_0, "NaN in a batch of length 0")                                                     \
  FAULT(thirty_two_heads, "heads past 32 read what head 31 reads")                                           \
  FAULT(four_batches, "batches past 4 read what batch 3 reads")                                              \
  FAULT(dims_past_128, "channels of q and k past 128 are skipped")                                           \
  FAULT(rows_past_1024, "rows past 1024 are 0")                                                              \
  FAULT(far_offsets_wrap, "offsets of elements wrap at 2^31")                                                \
  FAULT(shared_inputs, "1 % too much where two inputs share an address")                                     \
  FAULT(exp_wraps, "a key behind by more than 2^29 has the weight 1")                                        \
  FAULT(stops_at_low_tile, "a tile whose biases are all below -5000 ends the row")                           \
  FAULT(stops_at_empty_tile, "a tile without a visible key ends the row")                                    \
  FAULT(maximum_folded, "exponentials are exp2(fma(s, c, -round(m c))) with c = log2(e)")                    \
  FAULT(reference_of_pair, "a rescale that one of two neighbouring rows needs lowers the reference of both") \
  FAULT(lengths_of_first_call, "kv_lens of the first call with the same shapes are kept")                    \
  FAULT(scalars_of_first_call, "scale, softcap, windows and causality of the first call are kept")           \
  FAULT(garbage_from_call_5000, "every output is 1 % too large from the 5000th call on")                     \
  FAULT(nan_values_skipped, "a value that is NaN counts as 0")                                               \
  FAULT(nan_spreads, "a query that is NaN makes every output NaN")                                           \
  FAULT(group_in_tiles_of_16, "heads of a group above 16 read, 16 by 16, what the first of them reads")      \
  FAULT(nan_lost_in_tiles, "a key whose score is NaN is skipped where there are 64 rows or more")            \
  FAULT(nan_scores_skipped, "a key whose score is NaN is skipped")

enum class Fault {
#define FAULT(name, sentence) name,
  ATTEST_PLAIN_FAULTS(FAULT)
#undef FAULT
};

/// None when the kernel has no such fault.
std::optional<Fault> fault_from_name(std::string_view name);

/// Takes f32, f16 and bf16, every feature, any layout. `info.contract` is empty.
std::unique_ptr<kernel::Kernel> plain_kernel(Fault fault, const std::string& name = "plain");

}  // namespace attest::test
