// Structure that trained models have: low-rank keys, repeated keys, outlier channels.

#include <algorithm>
#include <cmath>

#include "check/generate/family_list.hpp"
#include "check/generate/value_fill.hpp"

namespace attest::check {
namespace {

void repeat_keys(Draw& draw, Problem& p) {
  const std::int64_t distinct = draw.between(1, 4);
  const Tensor k = p.k;
  fill(p.k, [&](std::int64_t b, std::int64_t h, std::int64_t j, std::int64_t c) {
    return k.at({b, h, j % std::min(distinct, p.kv_len()), c});
  });
}

// One channel carries most of every score.
void outlier_channel(Draw& draw, Frame& frame) {
  Problem& p = frame.problem;
  const std::int64_t channel = draw.below(p.qk_dim());
  const double size = std::min(8.0, std::sqrt(frame.limits.score / (16 * std::fabs(sizing_scale(p)))));
  fill(p.q, [&](auto, auto, auto, std::int64_t c) {
    return (c == channel ? size : 0.3) * (1 + 0.1 * draw.normal());
  });
  fill(p.k, [&](auto, auto, auto, std::int64_t c) {
    return c == channel ? size * (0.5 + 0.1 * draw.normal()) : 0.3 * draw.normal();
  });
}

void low_rank(Draw& draw, Frame& frame) {
  Problem& p = frame.problem;
  const double size = std::min(2.0, std::sqrt(frame.limits.score / (16 * static_cast<double>(p.qk_dim()) *
                                                                    std::fabs(sizing_scale(p)))));
  std::vector<double> direction;
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) direction.push_back(draw.normal());
  std::vector<double> along;
  for (std::int64_t j = 0; j < p.kv_len(); ++j) along.push_back(draw.normal());
  fill(p.k, [&](auto, auto, std::int64_t j, std::int64_t c) {
    return size * along[static_cast<std::size_t>(j)] * direction[static_cast<std::size_t>(c)] / 3;
  });
  fill(p.q, [&](auto, auto, auto, auto) { return size * draw.normal(); });
}

Problem draw_problem(Draw& draw, const GenContext& context) {
  Frame frame = draw_frame(draw, context);
  switch (draw.below(3)) {
    case 0:
      fill_normal_scores(draw, frame);
      repeat_keys(draw, frame.problem);
      break;
    case 1:
      outlier_channel(draw, frame);
      break;
    default:
      low_rank(draw, frame);
      break;
  }
  fill_normal_values(draw, frame, 1, 0.5);
  return std::move(frame.problem);
}

}  // namespace

Family structured_family() {
  return {"structured", "resembles data of trained models: low-rank keys, repeated keys, outlier channels",
          true, 2, draw_problem};
}

}  // namespace attest::check
