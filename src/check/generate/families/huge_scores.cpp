// Scores of 1e4 to 1e12 in rows whose exact result is plain: the only visible key's value, or the
// mean of equal keys. Whatever the score, the maximum's own exponential is 1; a kernel that computes it as
// exp2(fma(s, c, -round(m c))) returns the rounding error of m c instead.

#include <algorithm>
#include <cmath>

#include "check/generate/family_list.hpp"
#include "check/generate/value_fill.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::check {
namespace {

void often(GenContext& context, Feature f, double p) {
  if (context.of(f) > 0.01) context.set(f, std::max(context.of(f), p));
}

// A sink would be far ahead of the scores, or far behind. A row shows all there is to see, and needs the
// slowest of the oracle's tiers: few rows.
GenContext with_few_keys(Draw& draw, GenContext context) {
  context.large_share = 0;
  context.usual_work /= 4;
  for (const Feature f : {Feature::softcap, Feature::sink, Feature::zero_scale}) context.set(f, 0);
  context.plain /= 2;
  if (!context.shape) {
    if (draw.chance(0.25)) context.shape = ShapeClass::one_key;
    if (draw.chance(0.25)) often(context, Feature::causal_top_left, 0.9);
    if (draw.chance(0.25)) often(context, Feature::mask, 0.9);
  }
  return context;
}

// At most x, and short in binary, so that no rounding blurs which score was asked for.
double simple_below(double x) {
  return std::ldexp(std::floor(std::ldexp(x, 7 - std::ilogb(x))), std::ilogb(x) - 7);
}

// q = k = 133120 in bf16 with 64 channels is where it was seen: a score of 1.4e11. No score overflows.
double draw_component(Draw& draw, const Frame& frame) {
  const Problem& p = frame.problem;
  const double per_channel = std::fabs(sizing_scale(p)) * static_cast<double>(p.qk_dim());
  const double room = frame.limits.overflow / 4 / std::max(1.0, std::fabs(1 / sizing_scale(p)));
  const double query = frame.limits.query / std::max(2.0, 2 * std::fabs(sizing_scale(p)));
  const double most = std::min(
      {2 * largest_component(p.q), 2 * largest_component(p.k), query, std::sqrt(room / per_channel)});
  if (draw.chance(0.25)) return simple_below(std::min(133120.0, most));
  // Past 2^7 / 2^-25 the rounding error of m c is past every exponent of f32; past 2^10 / 2^-54 of f64.
  double score = draw.pick({1e4, 1e5, 1e7, 1e9, 1e11, 1e12});
  if (p.q.dtype() == DType::f64 && draw.chance(0.5)) score *= 1e11;
  return simple_below(std::min(std::sqrt(score / per_channel), most));
}

bool sees_several(const Problem& p) {
  bool several = false;
  laws::for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
    several = several || oracle::visible_keys(p, b, h, i).size() > 1;
  });
  return several;
}

void lower_every_score(Draw& draw, Tensor& bias) {
  const double floor = draw.pick({-1e9, -1e31, -1e38});  // nearer to -FLT_MAX a correct score may overflow
  std::vector<double> values = bias.values();
  for (double& x : values) {
    if (std::isfinite(x)) x = floor;
  }
  bias.assign(values);
}

// Ordinary scores, and biases of any size that a format has.
Problem with_low_biases(Draw& draw, GenContext context) {
  context.uncertified_biases = true;
  context.plain = context.alone = 0;
  often(context, Feature::bias, 1);
  Frame frame = draw_frame(draw, context);
  fill_normal_scores(draw, frame);
  // Every score below what a maximum may begin at: the weights are lost in rounding, but their mean is not 0.
  if (frame.problem.bias && draw.chance(0.4)) {
    lower_every_score(draw, *frame.problem.bias);
    fill_normal_values(draw, frame, 0.125, 2);
  } else {
    fill_normal_values(draw, frame, 1, 0.25);
  }
  return std::move(frame.problem);
}

Problem draw_problem(Draw& draw, const GenContext& context) {
  if (context.of(Feature::bias) > 0.01 && draw.chance(0.3)) return with_low_biases(draw, context);
  Frame frame = draw_frame(draw, with_few_keys(draw, context));
  Problem& p = frame.problem;
  const double component = draw_component(draw, frame);
  const double sign = draw.sign();
  fill(p.q, [&](auto, auto, auto, auto) { return component; });
  fill(p.k, [&](auto, auto, auto, auto) { return sign * component; });
  // Equal keys may still have scores that differ by rounding; whatever their weights, the mean of equal
  // values is that value.
  const bool same = sees_several(p);
  const double mean = draw.sign() * (1 + draw.unit());
  fill(p.v, [&](auto, auto, std::int64_t j, std::int64_t c) {
    return same ? mean + 0.25 * static_cast<double>(c % 3) : mean * static_cast<double>(1 + (j + c) % 7);
  });
  return std::move(p);
}

}  // namespace

Family huge_scores_family() {
  return {"huge scores",
          "scores of 1e4 to 1e12 (1e23 in f64) whose exact result is simple (one visible key, or equal "
          "keys), and biases "
          "down to the most negative number",
          false,
          2,
          draw_problem,
          false};
}

}  // namespace attest::check
