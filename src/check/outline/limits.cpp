#include "check/outline/limits.hpp"

#include <algorithm>
#include <cmath>

#include "check/outline/hiding_bias.hpp"

namespace attest {
namespace {

// An element is informative while its bound is below a quarter of the spread of the visible values. A score
// error of alpha moves a row by at most (e^alpha - 1) times half the spread, so alpha = 1/8 leaves room for
// the rest.
constexpr double kScoreError = 1.0 / 8;
// Likewise for relative errors of the sums.
constexpr double kSumError = 1.0 / 16;

double roundoff(const std::optional<Format>& format) { return format ? format->unit_roundoff() : 0; }

// Score error per unit of |scale| * sum |q k|: the linear part of error-bound.md 2, and of the shift's error.
double score_error_rate(const Contract& c, double d) {
  const double u = c.score.unit_roundoff();
  const double depth = c.score.order == Order::block_fma ? 2 * d : d;
  const double gap = 2 * (c.rounded_shift ? 3 : 1) * u + (c.folded_log2e ? 8 * u : 0);
  return u * (depth + 12) + gap + roundoff(c.q_conversion) + (c.q_blocks ? 1.0 / 254 + 0x1p-11 : 0) +
         roundoff(c.store_product) + roundoff(c.store_scaled) + roundoff(c.store_biased);
}

double score_overflow(const Contract& c) {
  double omega = c.score.format.max_finite();
  for (const auto& stored : {c.store_product, c.store_scaled, c.store_biased}) {
    if (stored) omega = std::min(omega, stored->max_finite());
  }
  return omega;
}

double keys_limit(const Contract& c) {
  const double rescale = c.unfused ? 0 : c.exp_rel / c.key_block;
  return kSumError / (rescale + c.numerator.unit_roundoff() + c.denominator.unit_roundoff());
}

}  // namespace

Limits limits_of(const ContractSet& contract, DType out, DType kv, std::int64_t qk_dim, std::int64_t keys) {
  double score = HUGE_VAL;
  double overflow = HUGE_VAL;
  double bias = HUGE_VAL;
  double sloped_bias = HUGE_VAL;
  double rows = 0x1p40;
  double query = format_of(out).max_finite();
  double omega = std::min(format_of(out).max_finite(), format_of(kv).max_finite());
  for (const Contract& c : contract.alternatives) {
    score = std::min(score, kScoreError / score_error_rate(c, static_cast<double>(qk_dim)));
    overflow = std::min(overflow, score_overflow(c));
    // Half of the range holds the scores, at most a 32nd, with every factor of the bound.
    const double most = score_overflow(c) / 2;
    bias = std::min(bias, largest_hiding_bias(c, out, keys, false, most));
    sloped_bias = std::min(sloped_bias, largest_hiding_bias(c, out, keys, true, most));
    rows = std::min(rows, keys_limit(c));
    if (c.q_conversion) query = std::min(query, c.q_conversion->max_finite());
    // Weights reach e^tau where the shift lags behind the maximum.
    omega = std::min(omega, c.numerator.format.max_finite() * std::exp(-c.tau));
    if (c.output) omega = std::min(omega, c.output->max_finite());
  }
  Limits limits;
  limits.query = query;
  limits.score = std::min(score, overflow / 32);
  limits.bias = bias;
  limits.sloped_bias = sloped_bias;
  limits.overflow = overflow;
  limits.keys = std::max<std::int64_t>(1, static_cast<std::int64_t>(rows));
  limits.value = omega / (4 * static_cast<double>(std::max<std::int64_t>(1, keys)));
  return limits;
}

}  // namespace attest
