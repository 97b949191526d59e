#include "check/generate/value_fill.hpp"

#include <algorithm>
#include <cmath>

namespace attest::check {

double largest_component(const Tensor& t) { return format_of(t.dtype()).max_finite() / 4; }

double sizing_scale(const Problem& p) {
  return p.scale != 0 ? p.scale : 1 / std::sqrt(static_cast<double>(p.qk_dim()));
}

void fill_normal_scores(Draw& draw, Frame& frame, double size) {
  Problem& p = frame.problem;
  // |q| and |k| are below sqrt(12) each: the sum of d products below 12 d size^2 |scale|.
  const double worst = 12 * static_cast<double>(p.qk_dim()) * std::fabs(sizing_scale(p));
  const double limited = std::min(size, std::sqrt(frame.limits.score / worst));
  fill(p.q, [&](auto, auto, auto, auto) { return limited * draw.normal(); });
  fill(p.k, [&](auto, auto, auto, auto) { return limited * draw.normal(); });
}

void fill_normal_values(Draw& draw, Frame& frame, double size, double mean) {
  fill(frame.problem.v, [&](auto, auto, auto, auto) { return mean + size * draw.normal(); });
}

void fill_scores(Draw& draw, Frame& frame, const std::function<double(std::int64_t)>& row_factor,
                 const std::function<double(std::int64_t, std::int64_t)>& score) {
  Problem& p = frame.problem;
  std::vector<double> direction;
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) direction.push_back(draw.sign());
  const double per_channel = sizing_scale(p) * static_cast<double>(p.qk_dim());
  const auto along = [&](std::int64_t c) { return direction[static_cast<std::size_t>(c)]; };
  fill(p.q, [&](auto, auto, std::int64_t i, std::int64_t c) { return row_factor(i) * along(c); });
  const double most = largest_component(p.k);
  fill(p.k, [&](std::int64_t b, auto, std::int64_t j, std::int64_t c) {
    return std::clamp(score(b, j) / per_channel, -most, most) * along(c);
  });
}

}  // namespace attest::check
