#include "check/frame.hpp"

#include <algorithm>
#include <cmath>

#include "check/dress.hpp"
#include "check/layout.hpp"

namespace attest {
namespace {

constexpr std::initializer_list<Feature> kOptional{Feature::causal_top_left,
                                                   Feature::causal_bottom_right,
                                                   Feature::window_left,
                                                   Feature::window_right,
                                                   Feature::softcap,
                                                   Feature::bias,
                                                   Feature::mask,
                                                   Feature::alibi,
                                                   Feature::sink,
                                                   Feature::kv_lens,
                                                   Feature::permuted,
                                                   Feature::padded,
                                                   Feature::repeated,
                                                   Feature::scale,
                                                   Feature::lse,
                                                   Feature::broadcast};

FeatureSet draw_wanted(Draw& draw, const GenContext& context, bool plain) {
  FeatureSet wanted;
  wanted.add(Feature::lse, context.draw(draw, Feature::lse));
  if (plain) return wanted;
  for (const Feature f : kOptional) {
    if (f != Feature::lse) wanted.add(f, context.draw(draw, f));
  }
  for (std::size_t f = 0; f < kFeatures; ++f) {
    const auto conflicting = wanted & context.apart[f];
    if (wanted.test(f) && conflicting.any() && draw.chance(7.0 / 8)) wanted.reset(f);
  }
  return wanted;
}

DType draw_dtype(Draw& draw, const GenContext& context) {
  constexpr std::array<std::pair<Feature, DType>, 4> kDtypes{{{Feature::f64, DType::f64},
                                                              {Feature::f32, DType::f32},
                                                              {Feature::f16, DType::f16},
                                                              {Feature::bf16, DType::bf16}}};
  double total = 0;
  for (const auto& [feature, dtype] : kDtypes) total += context.of(feature);
  double at = draw.unit() * total;
  for (const auto& [feature, dtype] : kDtypes) {
    at -= context.of(feature);
    if (at < 0) return dtype;
  }
  return DType::f32;
}

FeatureSet draw_layouts(Draw& draw, const FeatureSet& wanted) {
  FeatureSet layouts;
  for (const Feature f : {Feature::permuted, Feature::padded, Feature::repeated}) {
    layouts.add(f, wanted.has(f) && draw.chance(0.5));
  }
  return layouts;
}

// Rows longer than the contract's sums can bear are shortened: nothing would be certified.
void shorten(Shape& shape, std::int64_t keys) {
  if (shape.kv_len <= keys) return;
  const bool equal = shape.q_len == shape.kv_len;
  shape.kv_len = keys;
  if (equal) shape.q_len = keys;
}

}  // namespace

Frame draw_frame(Draw& draw, const GenContext& context) {
  const bool plain = draw.chance(context.plain);
  const FeatureSet wanted = draw_wanted(draw, context, plain);
  Shape shape = draw_shape(draw, context, plain);
  const DType q = draw_dtype(draw, context);
  const DType kv = !plain && context.draw(draw, Feature::mixed_dtypes) ? draw_dtype(draw, context) : q;
  const ContractSet contract = contract_for(context.contract, q, kv);
  shorten(shape, limits_of(contract, q, kv, shape.qk_dim, shape.kv_len).keys);

  Frame frame;
  frame.limits = limits_of(contract, q, kv, shape.qk_dim, shape.kv_len);
  Problem& p = frame.problem;
  p.q = draw_layout(draw, draw_layouts(draw, wanted), q,
                    {shape.batch, shape.q_heads, shape.q_len, shape.qk_dim});
  p.k = draw_layout(draw, draw_layouts(draw, wanted), kv,
                    {shape.batch, shape.kv_heads, shape.kv_len, shape.qk_dim});
  p.v = draw_layout(draw, draw_layouts(draw, wanted), kv,
                    {shape.batch, shape.kv_heads, shape.kv_len, shape.v_dim});
  p.want_lse = wanted.has(Feature::lse);
  dress(draw, context, wanted, frame.limits, p);
  return frame;
}

Frame draw_frame_without(Draw& draw, GenContext context, std::initializer_list<Feature> features) {
  for (const Feature f : features) context.set(f, 0);
  return draw_frame(draw, context);
}

}  // namespace attest
