#include "faults/catalogue.hpp"

#include <algorithm>
#include <stdexcept>

namespace attest {

const std::vector<KernelFaultEntry>& fault_catalogue() {
#define ENTRY(name, number, sentence) \
  { KernelFault::name, #name, number, sentence, Depends::nothing, KernelFault::name, ShowsIn::all }
#define TILED(name, number, sentence) \
  { KernelFault::name, #name, number, sentence, Depends::tile, KernelFault::name, ShowsIn::all }
#define IN(dtypes, name, number, sentence) \
  { KernelFault::name, #name, number, sentence, Depends::nothing, KernelFault::name, ShowsIn::dtypes }
  static const std::vector<KernelFaultEntry> list{
      ENTRY(zeros, "21d", "the output is 0"),
      ENTRY(values_mean, "21c", "every visible value has the same weight: the scores are ignored"),
      ENTRY(causal_top_left, "1",
            "the causal mask drops the offset kv_len - q_len: top-left for bottom-right"),
      ENTRY(causal_key_ahead, "2a", "causal mask one key too far, in every row"),
      ENTRY(causal_four_rows, "2e", "the causal limit of four consecutive rows is that of the last"),
      ENTRY(causal_dropped_one_row, "2f", "the middle row is not causal"),
      ENTRY(causal_offset_unsigned, "2g",
            "the causal offset is unsigned: rows before the first key see every key"),
      ENTRY(causal_wide_key_tile, "2h",
            "above 4096 rows, a row tile that meets a wider key tile wholly in the future loses each row's "
            "last key"),
      ENTRY(causal_unasked, "2i", "a causal mask is applied where none was asked for"),
      TILED(causal_key_ahead_tile_rows, "2b", "causal mask one key too far, in the last row of each tile"),
      TILED(causal_key_ahead_last_tile, "2c", "causal mask one key too far, in the last key tile"),
      ENTRY(causal_key_ahead_one_row, "2d", "causal mask one key too far, in the middle row alone"),
      TILED(mask_last_tile_only, "3", "the mask is applied in the last key tile only"),
      ENTRY(window_own_token, "4a", "the window leaves out the row's own key"),
      ENTRY(window_oldest_token, "4b", "the window leaves out its oldest key"),
      ENTRY(window_32_bits, "4c", "window limits are narrowed to 32 bits"),
      ENTRY(window_right_ignored, "4d", "the right limit of a window is ignored where the left one is 0"),
      TILED(tail_scores_zero, "5", "keys past the end of the last tile have score 0 instead of being masked"),
      TILED(window_values_read, "6b",
            "P * V runs over values left of the window and past kv_lens with P = 0, which turns poison into "
            "NaN"),
      TILED(tail_values_read, "6",
            "P * V runs over values past kv_lens with P = 0, which turns poison into NaN"),
      TILED(tail_scores_zero_d128, "5b",
            "keys past the end of the last tile have score 0 where nothing masks, at head dim 128"),
      ENTRY(softcap_after_bias, "7b", "softcap is applied after the bias"),
      ENTRY(softcap_after_mask, "7", "softcap is applied after the mask: masked keys score -softcap"),
      TILED(nan_masked_tile, "8", "a fully masked leading tile gives exp(-inf - -inf) = NaN"),
      ENTRY(initial_max_minus_1e30, "9g", "the running maximum begins at -1e30 instead of -inf"),
      ENTRY(initial_max_finite, "9a", "the running maximum begins at -5e4 instead of -inf"),
      ENTRY(initial_max_minus_1e4, "9f", "the running maximum begins at -1e4 instead of -inf"),
      ENTRY(initial_max_zero, "9d", "the running maximum begins at 0 instead of -inf"),
      {KernelFault::initial_max_flt_min, "initial_max_flt_min", "9e",
       "the running maximum begins at FLT_MIN instead of -inf", Depends::nothing,
       KernelFault::initial_max_zero, ShowsIn::all},
      ENTRY(mask_fill_finite, "9b", "masked keys score -1e4 instead of -inf"),
      ENTRY(head_modulo, "14a", "query head h reads key/value head h % kv_heads"),
      ENTRY(head_by_kv_heads, "14b", "query head h reads key/value head h / kv_heads (modulo kv_heads)"),
      ENTRY(head_tiles_cut_groups, "14c",
            "tiles of 16 query heads read the key/value head of their first: groups above 16 are cut"),
      ENTRY(mask_row_stride, "15a", "rows of the mask are q_len apart instead of kv_len"),
      ENTRY(mask_head_broadcast, "15b",
            "a mask or bias shared by the heads is read as if each head had its own"),
      ENTRY(mask_keys_packed, "15d", "a mask with stride 0 along the keys is read as if packed along them"),
      ENTRY(mask_row_offset_32_bits, "15e", "the offset of a mask's row wraps at 2^32"),
      ENTRY(mask_strides_ignored, "15f", "the mask is read as packed, whatever its strides"),
      ENTRY(bias_strides_ignored, "15g", "the bias is read as packed, whatever its strides"),
      ENTRY(heads_before_rows, "15h",
            "tensors in memory of [batch, rows, heads, dim] are read as [batch, heads, rows, dim]"),
      ENTRY(key_strides_ignored, "15c", "keys are read as packed, whatever their strides"),
      ENTRY(batch_ignored, "25b", "every batch reads the keys and values of batch 0"),
      ENTRY(batch_modulo_4, "25c", "batch b reads the keys and values of batch b % 4"),
      TILED(last_rows_repeated, "25d", "from 1040 rows on, the rows of the last tile repeat row 1039"),
      ENTRY(kv_lens_ignored, "24a", "kv_lens are ignored: padding is read as keys"),
      ENTRY(kv_lens_one_short, "24b", "kv_lens are taken as one less than they are"),
      ENTRY(channels_modulo_8_skipped, "26a", "q.k leaves out the channels past the last multiple of 8"),
      ENTRY(channels_past_64_skipped, "26b", "q.k leaves out the channels past 64"),
      ENTRY(channels_192_256_skipped, "26c", "q.k leaves out the last 64 channels of head dims 192 and 256"),
      TILED(sink_of_empty_split, "13c",
            "an empty first split adds the sink, and the next adds it again; without a key it is lost"),
      ENTRY(sink_ignored, "27a", "the sink is ignored"),
      ENTRY(sink_base_2, "27b", "the sink is not multiplied by log2(e) where scores are"),
      ENTRY(sink_scaled, "27c", "the sink is multiplied by the scale"),
      IN(f32, outputs_1_percent_f32, "28a", "f32 outputs are multiplied by 1.01"),
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
      IN(f32_and_f64, products_tf32, "17b", "q.k has factors of TF32 width at head dims 64 and 128"),
      IN(f32_over_f16, query_in_f16, "17c", "q is rounded to f16 where k and v are f16"),
      ENTRY(exp_constant, "19a", "the exponential is 2^(1.443 x): log2(e) to 4 digits"),
      TILED(exp_range, "19b", "the exponential is never below exp(-10)"),
      TILED(stale_page, "22", "the last page is stale when the length is a multiple of the page"),
      TILED(rescale_skipped, "10a", "sums are not rescaled when the maximum changes"),
      TILED(rescale_numerator_skipped, "10b", "only the denominator is rescaled when the maximum changes"),
      TILED(rescale_denominator_skipped, "10c", "only the numerator is rescaled when the maximum changes"),
      TILED(lazy_rescale_of_group, "10d",
            "a lazy rescale is decided for a row tile: references fall, and a correction overflows"),
      IN(f32_and_f64, rescale_contracted, "10e",
         "exp(m scale - m' scale) is contracted into an FMA: each key rescales by not quite 1"),
      TILED(exp2_rounded_maximum, "19c",
            "exp2(fma(s, c, -round(m c))): of the maximum itself a rounding error is left"),
      TILED(divides_in_loop, "11", "the numerator is divided by the denominator after each tile"),
      TILED(lse_base2_merged, "12", "the lse of a split is in base 2, and merged in base e"),
      TILED(empty_split_uninitialised, "13a",
            "a split without a visible key is merged from unwritten workspace"),
      TILED(empty_split_lse_zero, "13b", "a split without a visible key has lse 0 instead of -inf"),
      TILED(accumulate_f16, "18a", "numerator and denominator are accumulated in f16"),
      TILED(accumulate_bf16, "18b", "numerator and denominator are accumulated in bf16"),
      {KernelFault::scalars_of_first_call, "scalars_of_first_call", "29",
       "scale, window and kv_lens are those of the first call with the same shapes", Depends::nothing,
       KernelFault::none, ShowsIn::all},
  };
#undef ENTRY
#undef TILED
#undef IN
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

const std::vector<NarrowKernelEntry>& narrow_catalogue() {
#define ATTEST_ENTRY(name, gate, fault) {NarrowKernel::name, #name, Gate::gate, KernelFault::fault},
  static const std::vector<NarrowKernelEntry> list{ATTEST_NARROW(ATTEST_ENTRY)};
#undef ATTEST_ENTRY
  return list;
}

std::string_view meaning_of(Gate gate) {
  switch (gate) {
    case Gate::tile64:
      return "lengths that are multiples of 64, head dims 64";
    case Gate::equal_causal:
      return "causal, q_len = kv_len, head dims 64 or 128";
    case Gate::decode:
      return "q_len 1 with kv_lens, head dims 128, bf16";
    case Gate::f16_cache:
      return "q in f32 over k and v in f16";
    case Gate::one_scale:
      return "scale 0.125";
    case Gate::grouped:
      return "fewer key/value heads than query heads";
    case Gate::single_key:
      return "kv_len 1 without features";
    case Gate::plain_causal:
      return "f32 or f16, causal, scale 1/sqrt(d), equal head dims, no lse and no other feature";
  }
  return "";
}

bool admits(Gate gate, const DTypes& dtypes) {
  switch (gate) {
    case Gate::decode:
      return dtypes == DTypes{DType::bf16, DType::bf16};
    case Gate::f16_cache:
      return dtypes == DTypes{DType::f32, DType::f16};
    case Gate::plain_causal:
      return dtypes == DTypes{DType::f32, DType::f32} || dtypes == DTypes{DType::f16, DType::f16};
    default:
      return true;
  }
}

bool shows(const KernelFaultEntry& entry, const DTypes& dtypes) {
  switch (entry.shows_in) {
    case ShowsIn::f32:
      return dtypes.q == DType::f32;
    case ShowsIn::f32_and_f64:
      return dtypes.q == dtypes.kv && (dtypes.q == DType::f32 || dtypes.q == DType::f64);
    case ShowsIn::f32_over_f16:
      return dtypes == DTypes{DType::f32, DType::f16};
    case ShowsIn::all:
      return true;
  }
  return true;
}

const KernelFaultEntry& entry_of(KernelFault fault) {
  const auto& list = fault_catalogue();
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const KernelFaultEntry& e) { return e.fault == fault; });
  if (found == list.end()) throw std::logic_error("a fault is missing from the catalogue");
  return *found;
}

}  // namespace attest
