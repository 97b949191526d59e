#include "faults/catalogue.hpp"

#include <algorithm>
#include <stdexcept>

namespace attest {

const std::vector<KernelFaultEntry>& fault_catalogue() {
#define ENTRY(name, number, sentence) \
  { KernelFault::name, #name, number, sentence, Depends::nothing }
#define TILED(name, number, sentence) \
  { KernelFault::name, #name, number, sentence, Depends::tile }
  static const std::vector<KernelFaultEntry> list{
      ENTRY(zeros, "21d", "the output is 0"),
      ENTRY(values_mean, "21c", "every visible value has the same weight: the scores are ignored"),
      ENTRY(causal_top_left, "1",
            "the causal mask drops the offset kv_len - q_len: top-left for bottom-right"),
      ENTRY(causal_key_ahead, "2a", "causal mask one key too far, in every row"),
      TILED(causal_key_ahead_tile_rows, "2b", "causal mask one key too far, in the last row of each tile"),
      TILED(causal_key_ahead_last_tile, "2c", "causal mask one key too far, in the last key tile"),
      ENTRY(causal_key_ahead_one_row, "2d", "causal mask one key too far, in the middle row alone"),
      TILED(mask_last_tile_only, "3", "the mask is applied in the last key tile only"),
      ENTRY(window_own_token, "4a", "the window leaves out the row's own key"),
      ENTRY(window_oldest_token, "4b", "the window leaves out its oldest key"),
      TILED(tail_scores_zero, "5", "keys past the end of the last tile have score 0 instead of being masked"),
      TILED(tail_values_read, "6",
            "P * V runs over values past kv_lens with P = 0, which turns poison into NaN"),
      ENTRY(softcap_after_mask, "7", "softcap is applied after the mask: masked keys score -softcap"),
      TILED(nan_masked_tile, "8", "a fully masked leading tile gives exp(-inf - -inf) = NaN"),
      ENTRY(initial_max_finite, "9a", "the running maximum begins at -5e4 instead of -inf"),
      ENTRY(mask_fill_finite, "9b", "masked keys score -1e4 instead of -inf"),
      ENTRY(head_modulo, "14a", "query head h reads key/value head h % kv_heads"),
      ENTRY(head_by_kv_heads, "14b", "query head h reads key/value head h / kv_heads (modulo kv_heads)"),
      ENTRY(mask_row_stride, "15a", "rows of the mask are q_len apart instead of kv_len"),
      ENTRY(mask_head_broadcast, "15b",
            "a mask or bias shared by the heads is read as if each head had its own"),
      ENTRY(key_strides_ignored, "15c", "keys are read as packed, whatever their strides"),
      ENTRY(batch_ignored, "25b", "every batch reads the keys and values of batch 0"),
      ENTRY(key_index_8_bits, "16b", "the key's index wraps at 256"),
      ENTRY(key_offset_16_bits, "16a", "the offset of a key's element wraps at 65536"),
      ENTRY(scale_missing, "20a", "the scale is missing"),
      ENTRY(scale_twice, "20b", "the scale is applied twice"),
      ENTRY(scale_5_percent, "20c", "the scale is 5 % too large"),
      ENTRY(key0_dropped, "21a", "key 0 is never seen"),
      ENTRY(values_swapped, "21b", "the values of keys 0 and 1 are swapped"),
      ENTRY(value_scale_of_key, "23", "values of a quantised copy are multiplied by the scale of the keys"),
      ENTRY(rows_transposed, "25a", "output rows are stored with heads and queries transposed"),
      ENTRY(score_rounded_f16, "17", "q.k is rounded to f16 before the scale"),
      ENTRY(exp_constant, "19a", "the exponential is 2^(1.443 x): log2(e) to 4 digits"),
      TILED(exp_range, "19b", "the exponential is never below exp(-10)"),
      TILED(stale_page, "22", "the last page is stale when the length is a multiple of the page"),
      TILED(rescale_skipped, "10a", "sums are not rescaled when the maximum changes"),
      TILED(rescale_numerator_skipped, "10b", "only the denominator is rescaled when the maximum changes"),
      TILED(rescale_denominator_skipped, "10c", "only the numerator is rescaled when the maximum changes"),
      TILED(divides_in_loop, "11", "the numerator is divided by the denominator after each tile"),
      TILED(lse_base2_merged, "12", "the lse of a split is in base 2, and merged in base e"),
      TILED(empty_split_uninitialised, "13a",
            "a split without a visible key is merged from unwritten workspace"),
      TILED(empty_split_lse_zero, "13b", "a split without a visible key has lse 0 instead of -inf"),
      TILED(accumulate_f16, "18a", "numerator and denominator are accumulated in f16"),
      TILED(accumulate_bf16, "18b", "numerator and denominator are accumulated in bf16"),
  };
#undef ENTRY
#undef TILED
  return list;
}

const std::vector<KernelControlEntry>& control_catalogue() {
#define ENTRY(name, sentence) \
  { KernelControl::name, #name, sentence }
  static const std::vector<KernelControlEntry> list{
      ENTRY(correct, "the plain kernel: tiles of 16 keys, f32 sums"),
      ENTRY(tile_1, "tiles of 1 key"),
      ENTRY(tile_7, "tiles of 7 keys"),
      ENTRY(tile_128, "tiles of 128 keys"),
      ENTRY(key_order_reversed, "keys from the last to the first"),
      ENTRY(tree_sums, "pairwise sums in a tile"),
      ENTRY(fused_multiply_add, "one rounding for multiply and add"),
      ENTRY(exp2_folded, "base-2 exponentials, log2(e) folded into the scale"),
      ENTRY(lazy_rescale, "the maximum may lag by 8 nats"),
      ENTRY(split_2, "2 splits, merged by (m, l, o)"),
      ENTRY(split_7, "7 splits, merged by (m, l, o)"),
      ENTRY(split_5_by_lse, "5 splits, merged by (lse, o)"),
      ENTRY(probability_16_bits, "P rounded to the dtype of v where that has 16 bits"),
      ENTRY(score_plus_1, "1 added to every unmasked score, the lse corrected"),
      ENTRY(score_plus_1_no_lse, "1 added to every unmasked score, no lse"),
      ENTRY(loop_past_the_end, "the loop runs over padding too, the mask of single keys hides it"),
      ENTRY(loop_tight, "the loop leaves out tiles that causality hides"),
      ENTRY(reciprocal, "multiplies by 1 / l"),
      ENTRY(flush_to_zero, "subnormal results are 0"),
  };
#undef ENTRY
  return list;
}

const KernelFaultEntry& entry_of(KernelFault fault) {
  const auto& list = fault_catalogue();
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const KernelFaultEntry& e) { return e.fault == fault; });
  if (found == list.end()) throw std::logic_error("a fault is missing from the catalogue");
  return *found;
}

}  // namespace attest
