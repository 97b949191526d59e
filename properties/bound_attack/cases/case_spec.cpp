#include "bound_attack/cases/case_spec.hpp"

#include <algorithm>
#include <ostream>

namespace attest::attack {
namespace {

template <class E>
E pick_enum(Chooser& chooser, E last) {
  return static_cast<E>(chooser.pick(0, static_cast<int>(last)));
}

void choose_shape(Chooser& c, CaseSpec& spec, Size size) {
  if (size == Size::few_keys) {
    spec.kv_len = c.pick(1, 8);
    spec.qk_dim = c.chance(60) ? c.pick(1, 3) : c.pick(1, 16);
    spec.v_dim = c.chance(50) ? c.pick(1, 4) : 16;
    spec.q_len = c.pick(1, 3);
  } else {
    spec.kv_len = c.pick(9, c.chance(15) ? 512 : 48);
    spec.qk_dim = c.pick(1, 64);
    spec.v_dim = c.pick(1, 64);
    spec.q_len = c.pick(1, 2);
  }
  spec.batch = c.chance(20) ? 2 : 1;
  spec.kv_heads = c.chance(20) ? 2 : 1;
  spec.group = c.chance(20) ? 2 : 1;
}

void choose_features(Chooser& c, CaseSpec& spec) {
  spec.causal = c.chance(30) ? c.pick(1, 2) : 0;
  spec.window_left = c.chance(15) ? c.pick(0, spec.kv_len) : -1;
  spec.window_right = c.chance(10) ? c.pick(0, spec.kv_len) : -1;
  spec.mask = c.chance(20);
  spec.bias = c.chance(25);
  spec.alibi = c.chance(15);
  spec.softcap = c.chance(20) ? c.pick(1, 50) : 0;
  spec.sink = c.chance(20);
  spec.kv_lens = c.chance(15);
}

void choose_strategy(Chooser& c, const oracle::Contract& contract, CaseSpec& spec) {
  Strategy& s = spec.strategy;
  s.style = c.chance(50) ? Style::steered : (c.chance(70) ? Style::natural : Style::jittered);
  s.target = c.pick(-1, spec.v_dim - 1);
  s.direction = c.chance(50) ? -1 : 1;
  s.function_error = c.chance(80) ? 1 : 0;
  s.key_order = pick_enum(c, KeyOrder::shuffled);
  s.tile_factor = c.chance(30) ? c.pick(1, 64) : 1;
  s.tile_offset = c.chance(30) ? c.pick(0, 63) : 0;
  s.summation = pick_enum(c, Summation::random_tree);
  s.straight_into_accumulator = c.chance(50);
  s.fused_multiply_add = c.chance(30);
  s.splits = c.pick(1, contract.splits);
  s.merge_one_by_one = c.chance(50);
  s.natural_lse = c.chance(50);
  s.normalised_weights = c.chance(30);
  s.partial_lse = c.chance(50);
  s.sink_first = c.chance(50);
  s.scale_form = pick_enum(c, ScaleForm::queries);
  s.bias_order = pick_enum(c, BiasOrder::sum_first);
  s.reciprocal_of_softcap = c.chance(30);
  s.bias_times_log2e = c.chance(30);
  s.shift_below_maximum = c.chance(50);
  s.tau_by_sum = c.chance(50);
  s.shift_above_maximum = c.chance(70);
  s.seed = static_cast<std::uint64_t>(c.pick(0, 1'000'000));
}

}  // namespace

CaseSpec choose_case(Chooser& chooser, const oracle::Contract& contract, DType narrow, Size size) {
  CaseSpec spec;
  spec.q_dtype = spec.kv_dtype = narrow;
  const bool mixed = narrow != DType::f64 && narrow != DType::f32 && chooser.chance(25);
  if (mixed) (chooser.chance(50) ? spec.q_dtype : spec.kv_dtype) = DType::f32;
  choose_shape(chooser, spec, size);
  if (chooser.chance(60)) choose_features(chooser, spec);
  spec.scale = chooser.pick(0, 5);
  spec.layout = pick_enum(chooser, Layout::lopsided_keys);
  spec.pattern = pick_enum(chooser, Pattern::zero);
  spec.score_exponent = chooser.pick(chooser.chance(15) ? -16 : -8, chooser.chance(10) ? 12 : 7);
  if (chooser.chance(6))
    spec.score_exponent = chooser.pick(13, 40);  // errors of many nats: only the hull is left
  spec.values = pick_enum(chooser, Values::zeros);
  spec.seed = static_cast<std::uint64_t>(chooser.pick(0, 1'000'000));
  choose_strategy(chooser, contract, spec);
  return spec;
}

std::ostream& operator<<(std::ostream& out, const Strategy& s) {
  return out << "style " << int(s.style) << " target " << s.target << " direction " << s.direction
             << " function_error " << s.function_error << " order " << int(s.key_order) << " tile x"
             << s.tile_factor << " -" << s.tile_offset << " sum " << int(s.summation) << " straight "
             << s.straight_into_accumulator << " fma " << s.fused_multiply_add << " splits " << s.splits
             << " one-by-one " << s.merge_one_by_one << " natural-lse " << s.natural_lse << " normalised "
             << s.normalised_weights << " partial-lse " << s.partial_lse << " sink-first " << s.sink_first
             << " scale-form " << int(s.scale_form) << " bias-order " << int(s.bias_order)
             << " reciprocal-cap " << s.reciprocal_of_softcap << " bias*log2e " << s.bias_times_log2e
             << " low-shift " << s.shift_below_maximum << " tau-by-sum " << s.tau_by_sum << " high-shift "
             << s.shift_above_maximum << " seed " << s.seed;
}

std::ostream& operator<<(std::ostream& out, const CaseSpec& s) {
  return out << "q " << name_of(s.q_dtype) << " kv " << name_of(s.kv_dtype) << " b" << s.batch << " h"
             << s.kv_heads * s.group << '/' << s.kv_heads << " q" << s.q_len << " k" << s.kv_len << " d"
             << s.qk_dim << '/' << s.v_dim << " causal " << s.causal << " window (" << s.window_left << ','
             << s.window_right << ") softcap " << s.softcap << " scale #" << s.scale << " mask " << s.mask
             << " bias " << s.bias << " alibi " << s.alibi << " sink " << s.sink << " kv_lens " << s.kv_lens
             << " layout " << int(s.layout) << " pattern " << int(s.pattern) << " 2^" << s.score_exponent
             << " values " << int(s.values) << " seed " << s.seed << " | " << s.strategy;
}

}  // namespace attest::attack
