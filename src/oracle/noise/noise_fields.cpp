#include "oracle/noise/noise_fields.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "oracle/noise/noise_scores.hpp"

namespace attest::oracle {
namespace {

double norm_bound(const Row& row) {
  const auto d = static_cast<std::size_t>(row.qk_dim);
  const auto squares = [d](const double* x) {
    return std::accumulate(x, x + d, 0.0, [](double sum, double each) { return sum + each * each; });
  };
  double keys = 0;
  for (std::size_t j = 0; j < static_cast<std::size_t>(row.keys); ++j)
    keys = std::max(keys, squares(row.k.data() + j * d));
  double bias = 0;
  for (const double b : row.bias) bias = std::max(bias, std::fabs(b));
  return std::fabs(row.scale) * std::sqrt(squares(row.q.data()) * keys) + bias;
}

}  // namespace

double probability_error(const Contract& c, double p) {
  const double scaled = c.probability_scale * p;
  const double nearest = store_error_of(*c.probability.format, scaled, c.probability.rounding) / scaled;
  return c.probability.stochastic ? std::min(1.0, 2 * nearest) : nearest;
}

double exponential_error(const Contract& c, const NoiseKeys& keys, double weight) {
  if (c.exp.absolute == 0) return c.exp.relative;
  // What a factor multiplies is at most e^lag, so its absolute error is at most that part of the weight.
  const double computed = weight * std::exp(-keys.lag - keys.above);
  return c.exp.relative + (computed > 0 ? c.exp.absolute / computed : 1);
}

void set_shift(const Contract& c, const Row& row, NoiseKeys& keys) {
  keys.above = c.shift_above;
  if (c.shift_by_norms) keys.above = std::max(0.0, norm_bound(row) - keys.largest);
  if (!c.alibi_by_position || row.distance.empty()) return;
  const double farthest = *std::max_element(row.distance.begin(), row.distance.end());
  keys.moved = std::fabs(row.slope) * (static_cast<double>(row.span) + farthest);
}

}  // namespace attest::oracle
