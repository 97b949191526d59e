// What inputs lose before they meet, how far ALiBi moves scores, and where a score may overflow.
#include <algorithm>
#include <cmath>

#include "oracle/bound/bound_terms.hpp"
#include "oracle/bound/score_error.hpp"
#include "oracle/contract/questions.hpp"

namespace attest::oracle {
namespace {

double g(double u, double h) { return growth_of(u, h); }

}  // namespace

double dot_depth(const Sum& sum, double d) {
  return sum.order == Order::block_fma ? d + std::ceil(d / sum.width) : d;
}

// docs/bound-derivation.md 2, "Blocks of q8_0".
double query_block_error(double scale, double query_max) {
  const double relative = scale * query_max * (1.0 / 254 + 0x1p-11) * (1 + 0x1p-13);
  return relative + std::max(1.0, scale) * 127 * 0x1p-25;
}

// docs/bound-derivation.md 2, "Blocks of q8_1".
double query_sum_error(const Sum& sum, double scale, const BlockProduct& product) {
  const double channels = 32 * std::ceil(product.qk_dim / 32);
  const double relative = (0x1p-10 + 4 * g(sum.unit_roundoff(), channels + 8)) * (1 + 0x1p-9);
  return channels * product.key_max * (scale * product.query_max * relative + std::max(1.0, scale) * 0x1p-18);
}

double flushed_score_input_below(const Contract& c, double type_normal) {
  return c.underflow == Underflow::flush_inputs ? std::max(c.score.format.min_normal(), type_normal) : 0;
}

double flushed_products(const Contract& c, const Row& row, std::int64_t j) {
  const double query_below = flushed_score_input_below(c, row.q_normal);
  const double key_below = flushed_score_input_below(c, row.kv_normal);
  if (query_below == 0) return 0;
  const double* key = row.k.data() + j * row.qk_dim;
  double lost = 0;
  for (std::int64_t i = 0; i < row.qk_dim; ++i) {
    const double q = std::fabs(row.q[static_cast<std::size_t>(i)]);
    const double k = std::fabs(key[i]);
    if (q < query_below || k < key_below) lost += q * k;
  }
  return lost;
}

double alibi_move(const Contract& c, const Row& row, const RowFacts& facts) {
  if (row.distance.empty()) return 0;
  double largest = 0;
  for (const KeyFacts& key : facts.keys) largest = std::max(largest, key.alibi);
  return alibi_move(c, std::fabs(row.slope) * static_cast<double>(row.span), largest);
}

double alibi_move(const Contract& c, double reach, double largest_alibi) {
  return c.alibi_by_position ? (reach + largest_alibi) * (1 + 0x1p-50) : 0;
}

bool ScoreError::in_range(const KeyFacts& key) const {
  const double u = contract_.score.unit_roundoff();
  const double h = dot_depth(contract_.score, setting_.qk_dim);
  // log2(e) < 1.5 covers base-2 scores.
  const double converted =
      (1 + contract_.q_conversion.unit_roundoff()) * (1 + contract_.k_conversion.unit_roundoff());
  double largest_dot = key.dot_abs;
  if (contract_.q_blocks == QueryBlocks::q8_1)
    largest_dot += 3 * (setting_.qk_dim + 32) * setting_.query_max * setting_.key_max;
  const double product = (1 + g(u, h + 6)) * converted * std::max(1.0, setting_.head.scale) * largest_dot;
  double bias = key.bias;
  if (contract_.bias_first && setting_.head.softcap == 0 && key.bias > 0)
    bias *= (1 + g(u, h + 6)) / std::min(1.0, setting_.head.scale);
  const double alibi = contract_.alibi_by_position ? setting_.alibi_reach : key.alibi;
  return 1.5 * (product + bias + alibi) < largest_;
}

bool sink_in_range(const Contract& c, double sink_abs) {
  return 1.5 * sink_abs < c.score.format.max_finite();
}

// The scale, with log2(e) or as its root on both sides, may multiply q (and k) before the product.
bool inputs_in_range(const Contract& c, double scale, double largest_query, double largest_key) {
  double limit = std::min(c.score.format.max_finite(),
                          largest_converted_query(c) / (1 + c.q_conversion.unit_roundoff()));
  const double factor = std::max(1.0, c.scale_both ? std::sqrt(1.5 * scale) : 1.5 * scale);
  const double key_limit = std::min(c.score.format.max_finite(),
                                    c.k_conversion.max_finite() / (1 + c.k_conversion.unit_roundoff()));
  const bool keys_move = c.scale_both || c.k_conversion;
  return largest_query * factor < limit &&
         (!keys_move || largest_key * (c.scale_both ? factor : 1) < key_limit);
}

}  // namespace attest::oracle
