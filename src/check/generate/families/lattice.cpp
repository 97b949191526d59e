// The exact lattice: inputs for which every correct kernel, in any format and any order of additions, returns
// the same bits, so that a last bit can be asked for (laws "uniform" and "single key").

#include <cmath>

#include "check/generate/family_list.hpp"
#include "check/generate/value_fill.hpp"

namespace attest::check {
namespace {

constexpr double kFarthest = 2600;  // twice the scores of far keys

// k is finite and otherwise arbitrary: q = 0 makes every score exactly 0.
void fill_with_zero_rows(Draw& draw, Frame& frame) {
  Problem& p = frame.problem;
  fill(p.q, [](auto, auto, auto, auto) { return 0.0; });
  const double size = std::min(4.0, std::sqrt(frame.limits.score) / static_cast<double>(p.qk_dim()));
  fill(p.k, [&](auto, auto, auto, auto) { return size * draw.normal(); });
}

// Queries that are not 0: k = 0 makes a score 0, and all other keys are behind by more than 1024.
void fill_with_far_keys(Draw& draw, Frame& frame) {
  const std::int64_t period = draw.pick<std::int64_t>({2, 3, 4, 16});
  const std::int64_t phase = draw.below(period);
  fill_scores(
      draw, frame, [](std::int64_t) { return 1.0; },
      [&](std::int64_t, std::int64_t j) {
        return j % period == phase ? 0.0 : -1200 - static_cast<double>(j % 5);
      });
}

Problem draw_problem(Draw& draw, const GenContext& context) {
  Frame frame =
      draw_frame_without(draw, context, {Feature::softcap, Feature::bias, Feature::alibi, Feature::sink});
  Problem& p = frame.problem;
  if (draw.chance(0.35) && frame.limits.score > kFarthest)
    fill_with_far_keys(draw, frame);
  else
    fill_with_zero_rows(draw, frame);
  fill(p.v, [&](auto, auto, auto, auto) { return static_cast<double>(draw.between(1, 15)); });
  return std::move(p);
}

}  // namespace

Family lattice_family() {
  return {
      "exact lattice",
      "tests the last bits: scores of 0 or far behind and integer values, where all correct kernels agree",
      false, 2, draw_problem};
}

}  // namespace attest::check
