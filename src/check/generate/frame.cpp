#include "check/generate/frame.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "check/generate/add_features.hpp"
#include "check/generate/layout/layout.hpp"
#include "check/region/region.hpp"

namespace attest::check {
namespace {

// In the order in which they are drawn: what depends on others comes last.
const std::vector<Feature>& options() {
  static const std::vector<Feature> list = [] {
    std::vector<Feature> made;
    for (std::size_t f = 0; f < kFeatures; ++f) {
      if (is_option(static_cast<Feature>(f))) made.push_back(static_cast<Feature>(f));
    }
    std::stable_partition(made.begin(), made.end(),
                          [](Feature f) { return f != Feature::masking_bias && f != Feature::broadcast; });
    return made;
  }();
  return list;
}

FeatureSet draw_options(Draw& draw, const GenContext& context, bool plain) {
  FeatureSet drawn;
  drawn.add(Feature::lse, context.draw(draw, Feature::lse));
  if (plain) return drawn;
  for (const Feature f : options()) {
    if (f != Feature::lse) drawn.add(f, context.draw(draw, f));
  }
  if (drawn.has(Feature::causal_top_left))
    drawn.set(static_cast<std::size_t>(Feature::causal_bottom_right), false);
  for (const Feature f : options()) {
    if (lacks_prerequisite(f, drawn)) drawn.set(static_cast<std::size_t>(f), false);
  }
  return drawn;
}

// One that the kernel may take, or none.
FeatureSet draw_one_option(Draw& draw, const GenContext& context) {
  std::vector<Feature> possible;
  for (const Feature f : options()) {
    if (context.of(f) > 0 && !lacks_prerequisite(f, FeatureSet())) possible.push_back(f);
  }
  FeatureSet drawn;
  if (!possible.empty()) drawn.add(draw.pick(possible));
  return drawn;
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

// More than this a case must not cost, even where the kernel takes nothing smaller.
constexpr double kMostWork = 8;  // times what is usual

Outline draw_outline(Draw& draw, const GenContext& context) {
  const bool plain = draw.chance(context.plain);
  const bool alone = !plain && draw.chance(context.alone);
  Outline outline;
  outline.options = alone ? draw_one_option(draw, context) : draw_options(draw, context, plain);
  outline.shape = alone ? draw_tiled_shape(draw, context) : draw_shape(draw, context, plain);
  const DType q = draw_dtype(draw, context);
  outline.dtypes = {q, !plain && context.draw(draw, Feature::mixed_dtypes) ? draw_dtype(draw, context) : q};
  if (context.dtypes) outline.dtypes = *context.dtypes;
  const auto keys_of = [&] {
    const auto [q_type, kv_type] = outline.dtypes;
    return longest_row_of(oracle::contract_for(context.contract, q_type, kv_type));
  };
  shorten(outline.shape, keys_of());
  if (context.region == nullptr || context.region->empty()) return outline;
  if (draw.chance(context.known_share)) {
    outline = context.region->some(draw);
    // Exploration asked for some that cost a second each, and laws call a kernel with them several times.
    context.region->lighten(outline, context.large_work);
    return outline;
  }
  const double work = std::max(outline.shape.work(), kMostWork * context.usual_work);
  context.region->fit(draw, outline, keys_of());
  context.region->lighten(outline, work);
  return outline;
}

bool is_asked_for(const GenContext& context, const Outline& outline) {
  const Shape& shape = outline.shape;
  return (!context.feature || features_of(outline).has(*context.feature)) &&
         (!context.shape ||
          shape_classes_of(shape.q_len, shape.kv_len).test(static_cast<std::size_t>(*context.shape)));
}

// Outlines cost little compared with the numbers that fill them.
Outline draw_asked_outline(Draw& draw, const GenContext& context) {
  constexpr int kTries = 8;
  Outline outline = draw_outline(draw, context);
  if (!context.feature) return outline;
  for (int i = 1; i < kTries && !is_asked_for(context, outline); ++i) outline = draw_outline(draw, context);
  return outline;
}

}  // namespace

Frame frame_of(Draw& draw, const GenContext& context, const Outline& outline) {
  const auto [q, kv] = outline.dtypes;
  const Shape& shape = outline.shape;
  const oracle::ContractSet contract = oracle::contract_for(context.contract, q, kv);
  Frame frame;
  frame.limits = limits_of(contract, q, kv, shape.qk_dim, shape.kv_len);
  Problem& p = frame.problem;
  p.q = draw_layout(draw, draw_layouts(draw, outline.options), q,
                    {shape.batch, shape.q_heads, shape.q_len, shape.qk_dim});
  p.k = draw_layout(draw, draw_layouts(draw, outline.options), kv,
                    {shape.batch, shape.kv_heads, shape.kv_len, shape.qk_dim});
  p.v = draw_layout(draw, draw_layouts(draw, outline.options), kv,
                    {shape.batch, shape.kv_heads, shape.kv_len, shape.v_dim});
  p.want_lse = outline.options.has(Feature::lse);
  add_features(draw, context, outline.options, frame.limits, p);
  lay_out(draw, outline.options, context.far_target, p);
  if (outline.options.has(Feature::strided_scores) && !context.uncertified_biases) drop_hiding_biases(p);
  return frame;
}

Frame draw_frame(Draw& draw, const GenContext& context) {
  return frame_of(draw, context, draw_asked_outline(draw, context));
}

Frame draw_frame_without(Draw& draw, GenContext context, std::initializer_list<Feature> features) {
  for (const Feature f : features) context.set(f, 0);
  return draw_frame(draw, context);
}

}  // namespace attest::check
