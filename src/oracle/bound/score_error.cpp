#include "oracle/bound/score_error.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/bound/bound_terms.hpp"

namespace attest {
namespace {

double g(double u, double h) { return growth_of(u, h); }

double max_abs(const std::vector<double>& values) {
  double largest = 0;
  for (const double x : values) largest = std::max(largest, std::fabs(x));
  return largest;
}

double sum_abs(const std::vector<double>& values) {
  double sum = 0;
  for (const double x : values) sum += std::fabs(x);
  return sum;
}

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
double query_error(const Contract& c, double scale, double query_max, const KeyFacts& key, double lambda,
                   double growth) {
  double relative = 0;
  double absolute = lambda;
  if (c.q_conversion) {
    relative = c.q_conversion->unit_roundoff() * scale * key.dot_abs;
    absolute += std::max(1.0, scale) * underflow_error(*c.q_conversion, Rounding::toward_zero, c.underflow);
  }
  if (c.q_blocks) absolute += query_block_error(scale, query_max);
  return growth * (relative + absolute * key.key_abs);
}

// scale * q.k and its store before the scale.
double product_error(const Contract& c, const ScoreSetting& s, const KeyFacts& key, double flushed) {
  const double u = c.score.unit_roundoff();
  const double lambda = s.lambda;
  // sqrt(scale) on both sides: two rounded constants (3u between them) and two products.
  const double h = dot_depth(c.score, s.qk_dim) + (c.scale_both ? 5 : 2);
  const double growth = 1 + g(u, h);
  double alpha = g(u, h) * s.scale * key.dot_abs + query_error(c, s.scale, s.query_max, key, lambda, growth) +
                 (2 * s.qk_dim * std::max(1.0, s.scale) * lambda + s.scale * flushed) * growth + 2 * lambda;
  if (c.scale_both) {
    alpha += lambda * std::sqrt(s.scale) * (key.key_abs + s.query_abs) * growth + s.qk_dim * lambda * lambda;
  }
  if (c.store_product) {
    alpha +=
        (1 + g(u, 2)) * s.scale * store(c, c.store_product, key.product, s.scale > 0 ? alpha / s.scale : 0);
  }
  return alpha;
}

// softcap * tanh(x / softcap): one division, the tanh, one product.
double softcap_error(const Contract& c, const ScoreSetting& s, double magnitude) {
  const double u = c.score.unit_roundoff();
  const double moved = magnitude * (1 + g(u, 2));
  const double capped = s.affine ? moved : s.softcap * std::min(1.0, moved / s.softcap);
  return magnitude * g(u, 2) + compound(c.tanh_rel, u) * capped +
         s.softcap * (c.tanh_abs * (1 + u) + s.lambda) + 2 * s.lambda;
}

bool narrow_scores(const Contract& c) { return c.score.format.precision < kBinary32.precision; }

}  // namespace

// q -> q8_0: x becomes d n, n the integer nearest to x / d', d the f16 nearest to d' = max|x| / 127 of its
// block. Half a step, d' / 2 <= max|q| / 254, and 127 steps of d's rounding, 2^-11 each; three f32 roundings
// of x / d' move it by less than 127 * 3 * 2^-24 steps, which the last factor covers. A subnormal d is off by
// 2^-25.
double query_block_error(double scale, double query_max) {
  const double relative = scale * query_max * (1.0 / 254 + 0x1p-11) * (1 + 0x1p-13);
  return relative + std::max(1.0, scale) * 127 * 0x1p-25;
}

double score_error(const Contract& c, const ScoreSetting& s, const KeyFacts& key, double flushed,
                   double distance) {
  const double u = c.score.unit_roundoff();
  const double lambda = s.lambda;
  double alpha = product_error(c, s, key, flushed);
  if (s.softcap != 0) alpha += softcap_error(c, s, key.scaled + alpha);
  alpha += store(c, c.store_scaled, key.capped, alpha);
  // A score format narrower than the f32 of bias, slopes and distances converts them first.
  const bool narrow = narrow_scores(c);
  if (s.biased && narrow) alpha += u * key.bias + lambda;
  if (s.alibi) alpha += g(u, narrow ? 3 : 1) * key.alibi + (narrow ? 3 : 1) * lambda;
  if (s.alibi && narrow) alpha += lambda * distance;  // of the slope, magnified
  // Each addition rounds its sum; under flushing it may also lose an operand and the result.
  if (s.biased) alpha += u * (key.running + alpha) + 2 * lambda;
  if (s.alibi) alpha += u * (key.running + alpha) + 2 * lambda;
  alpha += store(c, c.store_biased, key.final, alpha);
  // log2(e), unless it is folded into the scale of q.k alone, multiplies each term or their sum.
  if (c.folded_log2e && (s.biased || s.alibi || s.softcap != 0)) {
    alpha += g(u, 3) * (key.capped + key.bias + key.alibi + alpha) + 3 * lambda;
  }
  return alpha;
}

double sink_error(const Contract& c, double sink_abs, double lambda) {
  const double u = c.score.unit_roundoff();
  double alpha = (c.folded_log2e ? g(u, 3) : 0.0) * sink_abs;
  if (narrow_scores(c)) alpha += u * sink_abs + lambda;
  return alpha + store(c, c.store_biased, sink_abs, alpha);
}

bool scores_in_range(const Contract& c, const ScoreSetting& s, const KeyFacts& key) {
  const double u = c.score.unit_roundoff();
  const double h = dot_depth(c.score, s.qk_dim);
  // log2(e) < 1.5 covers base-2 scores.
  const double grown =
      1.5 * ((1 + g(u, h + 6)) * std::max(1.0, s.scale) * key.dot_abs + key.bias + key.alibi);
  double limit = c.score.format.max_finite();
  for (const std::optional<Format>& stored : {c.store_product, c.store_scaled, c.store_biased}) {
    if (stored) limit = std::min(limit, stored->max_finite());
  }
  return grown < limit;
}

bool sink_in_range(const Contract& c, double sink_abs) {
  return 1.5 * sink_abs < c.score.format.max_finite();
}

// The scale, with log2(e) or as its root on both sides, may multiply q (and k) before the product.
bool inputs_in_range(const Contract& c, double scale, double largest_query, double largest_key) {
  double limit = c.score.format.max_finite();
  if (c.q_conversion) limit = std::min(limit, c.q_conversion->max_finite());
  if (c.q_blocks) limit = std::min(limit, 127 * kBinary16.max_finite());
  const double factor = std::max(1.0, c.scale_both ? std::sqrt(1.5 * scale) : 1.5 * scale);
  return largest_query * factor < limit && (!c.scale_both || largest_key * factor < limit);
}

ScoreErrors score_errors(const Contract& contract, const Row& row, const RowFacts& facts) {
  ScoreErrors errors;
  const ScoreSetting setting{std::fabs(row.scale), row.softcap,           static_cast<double>(row.qk_dim),
                             !row.bias.empty(),    !row.distance.empty(), sum_abs(row.q),
                             max_abs(row.q),       underflow_of(contract)};
  errors.in_range = inputs_in_range(contract, setting.scale, max_abs(row.q), max_abs(row.k));
  for (std::size_t j = 0; j < facts.keys.size(); ++j) {
    const KeyFacts& key = facts.keys[j];
    double alpha = 0;
    if (key.sink) {
      alpha = sink_error(contract, key.final, setting.lambda);
      errors.in_range = errors.in_range && sink_in_range(contract, key.final);
    } else {
      alpha = score_error(contract, setting, key, flushed_inputs(contract, row, static_cast<std::int64_t>(j)),
                          row.distance.empty() ? 0 : row.distance[j]);
      errors.in_range = errors.in_range && scores_in_range(contract, setting, key);
    }
    errors.alpha.push_back(alpha);
    errors.largest = std::max(errors.largest, alpha);
  }
  return errors;
}

}  // namespace attest
