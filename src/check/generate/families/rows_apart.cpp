// Neighbouring rows whose running maxima rise and fall apart: what one row of a tile needs, a decision made
// for all its rows gets wrong. A lazy rescale that is decided for a group lowers the reference of some rows,
// whose correction then overflows.

#include <algorithm>
#include <cmath>
#include <vector>

#include "check/generate/family_list.hpp"
#include "check/generate/value_fill.hpp"

namespace attest::check {
namespace {

// Heights of the tiles, a gap of 8 to 80 from each to the next: up, up and down, or wandering.
std::vector<double> draw_heights(Draw& draw, std::int64_t tiles, double limit) {
  const double gap = std::min(draw.pick({8.0, 16.0, 32.0, 80.0}), limit);
  const int pattern = static_cast<int>(draw.below(3));
  std::vector<double> heights;
  double at = 0;
  for (std::int64_t tile = 0; tile < tiles; ++tile) {
    heights.push_back(at);
    const double step = pattern == 0 ? gap : pattern == 1 ? (tile % 2 == 0 ? gap : -gap) : draw.sign() * gap;
    at += std::fabs(at + step) <= limit ? step : -step;
  }
  return heights;
}

Problem draw_problem(Draw& draw, const GenContext& context) {
  // A softcap would close the gaps, a scale of 0 too.
  Frame frame = draw_frame_without(draw, context, {Feature::softcap, Feature::zero_scale});
  Problem& p = frame.problem;
  const std::int64_t tile = draw.pick<std::int64_t>({1, 4, 16, 32, 64});
  const std::vector<double> heights =
      draw_heights(draw, p.kv_len() / tile + 1, std::min(2000.0, frame.limits.score / 2));
  const bool halves = draw.chance(0.5);  // the other direction, or less of the same
  fill_scores(
      draw, frame, [&](std::int64_t i) { return i % 2 == 0             ? 1.0
                                                : halves && i % 4 == 1 ? 0.25
                                                                       : -1.0; },
      [&](std::int64_t, std::int64_t j) {
        return heights[static_cast<std::size_t>(j / tile)] - 0.25 * static_cast<double>(j % 3);
      });
  fill_normal_values(draw, frame, 1, 0.25);
  return std::move(p);
}

}  // namespace

Family rows_apart_family() {
  return {"rows apart",
          "tests rescaling that is decided for several rows at once: neighbouring rows have their maxima at "
          "opposite ends, with gaps of 8 to 80 between tiles",
          false, 2, draw_problem};
}

}  // namespace attest::check
