// Score patterns: what a running maximum, its rescales and narrow score formats can get wrong.

#include <algorithm>
#include <cmath>

#include "check/generate/family_list.hpp"
#include "check/generate/value_fill.hpp"

namespace attest::check {
namespace {

using Score = std::function<double(std::int64_t b, std::int64_t j)>;

// The maximum at one place: in the first, a middle or the last tile.
Score peak(Draw& draw, double height, std::int64_t n) {
  const std::int64_t at = draw.pick<std::int64_t>({0, n / 2, n - 1, draw.below(n)});
  return [=](std::int64_t, std::int64_t j) { return j == at ? height : -0.25 * static_cast<double>(j % 5); };
}

Score ramp(Draw& draw, double limit, std::int64_t n) {
  const double step = std::min(draw.pick({0.03, 0.5, 3.0}), limit / static_cast<double>(n));
  const double slope = step * draw.sign();
  return [=](std::int64_t, std::int64_t j) { return slope * static_cast<double>(j); };
}

// Every tile raises the maximum once, after smaller scores.
Score spikes(Draw& draw, double limit, std::int64_t n) {
  const std::int64_t tile = draw.pick<std::int64_t>({4, 16, 32, 64});
  const double step = std::min(2.0, limit / static_cast<double>(n / tile + 1));
  return [=](std::int64_t, std::int64_t j) {
    const double top = step * static_cast<double>(j / tile);
    return j % tile == tile - 1 ? top : top - 0.5 * step;
  };
}

Score wide(Draw& draw, double limit) {
  const double deviation = std::min(draw.pick({4.0, 16.0, 64.0}), limit / 4);
  const std::uint64_t seed = draw.bits();
  return [=](std::int64_t b, std::int64_t j) {
    Draw one(rc::Random(seed + static_cast<std::uint64_t>(b * 100003 + j)));
    return deviation * one.normal();
  };
}

Score ties(Draw& draw, double height) {
  const std::int64_t period = draw.between(2, 5);
  return [=](std::int64_t, std::int64_t j) { return j % period == 0 ? height : height - 3; };
}

Score draw_score(Draw& draw, const Limits& limits, std::int64_t n) {
  const double height = std::min(30.0, limits.score / 2);
  const double low = -std::min(1e5, limits.score);
  switch (draw.below(9)) {
    case 0:
      return [](auto, auto) { return 0.0; };
    case 1:
      return [=](auto, auto) { return low; };
    case 2:
      return peak(draw, height, n);
    case 3:
      return ramp(draw, limits.score / 2, n);
    case 4:
      return spikes(draw, limits.score / 2, n);
    case 5:
      return wide(draw, limits.score);
    case 6:
      return ties(draw, height);
    // Underflowing weights: all but one key far below the maximum.
    case 7:
      return [low, at = draw.below(n)](std::int64_t, std::int64_t j) { return j == at ? 0.0 : low; };
    default:
      return
          [=](std::int64_t, std::int64_t j) { return low * (1 + 0.001 * static_cast<double>(j % 7)) / 1.01; };
  }
}

Problem draw_problem(Draw& draw, const GenContext& context) {
  // Softcap would flatten what this family is about.
  Frame frame = draw_frame_without(draw, context, {Feature::softcap});
  Problem& p = frame.problem;
  const Score score = draw_score(draw, frame.limits, std::max<std::int64_t>(1, p.kv_len()));
  const bool signs = draw.chance(0.3);
  fill_scores(
      draw, frame, [&](std::int64_t i) { return signs && i % 3 == 1 ? 0.5 : 1.0; }, score);
  fill_normal_values(draw, frame, 1, 0.25);
  return std::move(frame.problem);
}

}  // namespace

Family scores_family() {
  return {"scores",
          "tests the running maximum, rescaling and the range of scores: ramps, spikes, ties, peaks in any "
          "tile, very negative rows",
          false, 4, draw_problem};
}

}  // namespace attest::check
