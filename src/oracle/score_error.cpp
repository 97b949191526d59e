#include "oracle/score_error.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/bound_terms.hpp"

namespace attest {
namespace {

double g(double u, double h) { return growth_of(u, h); }

// Roundings that one product of a dot product of length d can meet, its own included.
double dot_depth(const Accumulator& accumulator, double d) {
  return accumulator.order == Order::block_fma ? d + std::ceil(d / accumulator.width) : d;
}

// Error of one store of a value of at most `magnitude` that is already off by `alpha`.
double store(const Contract& c, const std::optional<Format>& format, double magnitude, double alpha) {
  if (!format) return 0;
  return format->unit_roundoff() * (magnitude + alpha) +
         underflow_error(*format, Rounding::nearest_even, c.underflow);
}

// Terms lost when subnormal q and k count as zero.
double flushed_inputs(const Contract& c, const Row& row, std::int64_t j) {
  if (c.underflow != Underflow::flush_inputs) return 0;
  const double omega = c.score.format.min_normal();
  const double* key = row.k.data() + j * row.qk_dim;
  double lost = 0;
  for (std::int64_t i = 0; i < row.qk_dim; ++i) {
    const double q = std::fabs(row.q[static_cast<std::size_t>(i)]);
    const double k = std::fabs(key[i]);
    if (q < omega || k < omega) lost += q * k;
  }
  return lost;
}

// q -> format, before or after it is multiplied by the scale; the dot product's own roundings follow. The
// scale may multiply q first in any case, which may underflow.
double query_error(const Contract& c, double scale, const KeyFacts& key, double lambda, double growth) {
  double relative = 0;
  double absolute = lambda;
  if (c.q_conversion) {
    relative = c.q_conversion->unit_roundoff() * scale * key.dot_abs;
    absolute += std::max(1.0, scale) * underflow_error(*c.q_conversion, Rounding::toward_zero, c.underflow);
  }
  return growth * (relative + absolute * key.key_abs);
}

// scale * q.k and its store before the scale.
double product_error(const Contract& c, const Row& row, const KeyFacts& key, std::int64_t j, double lambda) {
  const double u = c.score.unit_roundoff();
  const double scale = std::fabs(row.scale);
  const auto d = static_cast<double>(row.qk_dim);
  // sqrt(scale) on both sides: two rounded constants (3u between them) and two products.
  const double h = dot_depth(c.score, d) + (c.scale_both ? 5 : 2);
  const double growth = 1 + g(u, h);
  double alpha = g(u, h) * scale * key.dot_abs + query_error(c, scale, key, lambda, growth) +
                 (2 * d * std::max(1.0, scale) * lambda + scale * flushed_inputs(c, row, j)) * growth +
                 2 * lambda;
  if (c.scale_both) {
    double query_abs = 0;
    for (const double q : row.q) query_abs += std::fabs(q);
    alpha += lambda * std::sqrt(scale) * (key.key_abs + query_abs) * growth + d * lambda * lambda;
  }
  if (c.store_product) {
    alpha += (1 + g(u, 2)) * scale * store(c, c.store_product, key.product, scale > 0 ? alpha / scale : 0);
  }
  return alpha;
}

// softcap * tanh(x / softcap): one division, the tanh, one product.
double softcap_error(const Contract& c, double softcap, double magnitude, double lambda) {
  const double u = c.score.unit_roundoff();
  return magnitude * g(u, 2) +
         softcap * compound(c.tanh_rel, u) * std::min(1.0, magnitude * (1 + g(u, 2)) / softcap) +
         softcap * (c.tanh_abs * (1 + u) + lambda) + 2 * lambda;
}

double alpha_of(const Contract& c, const Row& row, const KeyFacts& key, std::int64_t j, double lambda) {
  const double u = c.score.unit_roundoff();
  double alpha = product_error(c, row, key, j, lambda);
  if (row.softcap != 0) alpha += softcap_error(c, row.softcap, key.scaled + alpha, lambda);
  alpha += store(c, c.store_scaled, key.capped, alpha);
  const bool biased = !row.bias.empty();
  const bool alibi = !row.distance.empty();
  // A score format narrower than the f32 of bias, slopes and distances converts them first.
  const bool narrow = c.score.format.precision < kBinary32.precision;
  if (biased && narrow) alpha += u * key.bias + lambda;
  if (alibi) alpha += g(u, narrow ? 3 : 1) * key.alibi + (narrow ? 3 : 1) * lambda;
  if (alibi && narrow)
    alpha += lambda * row.distance[static_cast<std::size_t>(j)];  // of the slope, magnified
  // Each addition rounds its sum; under flushing it may also lose an operand and the result.
  if (biased) alpha += u * (key.running + alpha) + 2 * lambda;
  if (alibi) alpha += u * (key.running + alpha) + 2 * lambda;
  alpha += store(c, c.store_biased, key.final, alpha);
  // log2(e), unless it is folded into the scale of q.k alone, multiplies each term or their sum.
  if (c.folded_log2e && (biased || alibi || row.softcap != 0)) {
    alpha += g(u, 3) * (key.capped + key.bias + key.alibi + alpha) + 3 * lambda;
  }
  return alpha;
}

bool stages_in_range(const Contract& c, const Row& row, const KeyFacts& key) {
  const double u = c.score.unit_roundoff();
  const double h = dot_depth(c.score, static_cast<double>(row.qk_dim));
  // log2(e) < 1.5 covers base-2 scores.
  const double grown =
      1.5 * ((1 + g(u, h + 6)) * std::max(1.0, std::fabs(row.scale)) * key.dot_abs + key.bias + key.alibi);
  double limit = c.score.format.max_finite();
  for (const std::optional<Format>& stored : {c.store_product, c.store_scaled, c.store_biased}) {
    if (stored) limit = std::min(limit, stored->max_finite());
  }
  return grown < limit;
}

// The scale, with log2(e) or as its root on both sides, may multiply q (and k) before the product.
bool inputs_in_range(const Contract& c, const Row& row) {
  const double scale = std::fabs(row.scale);
  double limit = c.score.format.max_finite();
  if (c.q_conversion) limit = std::min(limit, c.q_conversion->max_finite());
  const auto fits = [limit](const std::vector<double>& values, double factor) {
    return std::all_of(values.begin(), values.end(), [&](double x) { return std::fabs(x) * factor < limit; });
  };
  if (c.scale_both)
    return fits(row.q, std::max(1.0, std::sqrt(1.5 * scale))) &&
           fits(row.k, std::max(1.0, std::sqrt(1.5 * scale)));
  return fits(row.q, std::max(1.0, 1.5 * scale));
}

}  // namespace

ScoreErrors score_errors(const Contract& contract, const Row& row, const RowFacts& facts, double lambda) {
  ScoreErrors errors;
  errors.in_range = inputs_in_range(contract, row);
  for (std::size_t j = 0; j < facts.keys.size(); ++j) {
    const KeyFacts& key = facts.keys[j];
    double alpha = 0;
    if (key.sink) {
      alpha = (contract.folded_log2e ? g(contract.score.unit_roundoff(), 3) : 0.0) * key.final;
      if (contract.score.format.precision < kBinary32.precision)
        alpha += contract.score.unit_roundoff() * key.final + lambda;
      alpha += store(contract, contract.store_biased, key.final, alpha);
      errors.in_range = errors.in_range && 1.5 * key.final < contract.score.format.max_finite();
    } else {
      alpha = alpha_of(contract, row, key, static_cast<std::int64_t>(j), lambda);
      errors.in_range = errors.in_range && stages_in_range(contract, row, key);
    }
    errors.alpha.push_back(alpha);
    errors.largest = std::max(errors.largest, alpha);
  }
  return errors;
}

}  // namespace attest
