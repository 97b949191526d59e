#include "oracle/bound/bound.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/bound/bound_terms.hpp"
#include "oracle/bound/hull.hpp"
#include "oracle/bound/score_error.hpp"

namespace attest::oracle {
namespace {

double g(double u, double h) { return growth_of(u, h); }

// Roundings of lse itself, before its store.
double lse_rounding(const BoundTerms& t) {
  const double u = std::max(t.c.score.unit_roundoff(), t.u_d);
  return g(u, t.c.folded_log2e ? 3 : 1);
}

// U_N,c = constant + sum_abs_v sum|v_jc| + max_abs_v max|v_jc|.
struct NumeratorUnderflow {
  double constant = 0, sum_abs_v = 0, max_abs_v = 0;
};

NumeratorUnderflow numerator_underflow(const BoundTerms& t) {
  const Contract& c = t.c;
  const double n = t.row.n;
  const double product = t.largest_weight * t.lambda_e * (1 + t.u_p);
  NumeratorUnderflow lost;
  if (c.unfused) {
    // P itself is rounded, so its absolute error is not divided by S.
    lost.constant = t.sum_growth * 2 * n * t.lambda;
    const double weight =
        std::exp(t.kappa) * (1 + c.exp.relative) + c.exp.absolute;  // what 1 / l is multiplied by
    lost.sum_abs_v = t.sum_growth * (t.lambda_p + (1 + weight) * t.lambda * (1 + t.u_p)) + t.gamma * product;
  } else {
    lost.constant = t.gamma * (2 * n + t.rescales) * t.lambda;
    lost.sum_abs_v = t.gamma * (product + t.lambda_p);
  }
  lost.constant += t.mass * (1 + t.mu) * t.lambda_v;
  if (c.splits > 1) {
    lost.constant += c.splits * (t.lambda_partial + t.lambda) * t.gamma;
    const double quotients = c.merge == Merge::chain ? 1 + links_of(c) : 1;
    lost.constant += quotients * t.mass * (1 + std::max(t.mu, t.nu)) * (t.lambda_partial + 2 * t.lambda);
    if (c.merge != Merge::state) {
      lost.constant += t.growth * c.splits * (c.merge == Merge::chain ? 3 : 1) * t.lambda;
      lost.max_abs_v = t.growth * c.splits * t.lambda_e;
    }
  }
  return lost;
}

// What a bound of the scores by the norms of q and k comes to, from above.
double norms_of(const Row& row, const RowFacts& facts) {
  const auto squares = [&](const double* x) {
    double sum = 0;
    for (std::int64_t i = 0; i < row.qk_dim; ++i) sum += x[i] * x[i];
    return sum;
  };
  double keys = 0;
  for (std::int64_t j = 0; j < row.keys; ++j) keys = std::max(keys, squares(row.k.data() + j * row.qk_dim));
  double bias = 0;
  double alibi = 0;
  for (const KeyFacts& key : facts.keys) {
    bias = std::max(bias, key.bias);
    alibi = std::max(alibi, key.alibi);
  }
  const double product = std::fabs(row.scale) * std::sqrt(squares(row.q.data())) * std::sqrt(keys);
  // A square may underflow.
  const double lost = 0x1p-500 * std::max(1.0, std::fabs(row.scale)) * (1 + std::sqrt(keys));
  return (product + lost + bias + alibi + (row.sink ? std::fabs(*row.sink) : 0)) * (1 + 0x1p-30);
}

// What rows share, and the sums over this row's keys.
struct RowTerms {
  BoundTerms terms;
  std::vector<double> common;  // A_j
  bool scores_in_range = true;
};

RowTerms row_terms(const Contract& contract, const Row& row, const RowFacts& facts) {
  const ScoreErrors scores = score_errors(contract, row, facts);
  RowScope scope{static_cast<double>(facts.keys.size()), static_cast<double>(row.span), row.sink.has_value(),
                 scores.largest};
  scope.max_abs_score = facts.max_abs_score;
  scope.sink_excess = facts.sink_excess;
  scope.moved = alibi_move(contract, row, facts);
  scope.norms = contract.shift_by_norms ? norms_of(row, facts) : 0;
  scope.qk_dim = static_cast<double>(row.qk_dim);
  for (const KeyFacts& key : facts.keys) {
    scope.largest_score = std::max(scope.largest_score, key.final);
    scope.largest_gap = std::max(scope.largest_gap, key.gap);
  }
  RowTerms result{bound_terms(contract, scope), {}, scores.in_range};
  RowSums sums{facts.sum_lower, facts.log_sum_upper};
  for (std::size_t j = 0; j < facts.keys.size(); ++j) {
    result.common.push_back(expm1_above(result.terms.common.at(scores.alpha[j], facts.keys[j].gap)));
    sums.common += facts.keys[j].probability * result.common.back();
  }
  set_sums(result.terms, sums);
  return result;
}

// Of the mean that is subtracted from the values of each channel.
std::vector<double> centres_above(const BoundTerms& t, const Row& row) {
  const auto n = static_cast<std::size_t>(row.v_dim);
  std::vector<double> largest(n);
  if (!t.c.centred_values) return largest;
  for (std::size_t at = 0; at < row.v.size(); ++at)
    largest[at % n] = std::max(largest[at % n], std::fabs(row.v[at]));
  for (double& x : largest) x *= largest_centre(t);
  return largest;
}

// What the sums of a channel need of its result.
struct ChannelResults {
  std::vector<double> pad, centre, out_abs, moved;  // moved: out_abs + centre
};

ChannelResults channel_results(const BoundTerms& t, const Row& row, const RowFacts& facts) {
  ChannelResults results;
  results.centre = centres_above(t, row);
  for (std::size_t c = 0; c < facts.out.size(); ++c) {
    const Known& o = facts.out[c];
    results.pad.push_back(std::fabs(o.lo) + o.radius);
    results.out_abs.push_back(std::fabs(o.hi) + results.pad.back());
    results.moved.push_back(results.out_abs.back() + results.centre[c]);
  }
  return results;
}

// Key by key: the values of a key lie side by side.
std::vector<ChannelSums> channel_sums(const RowTerms& of, const Row& row, const RowFacts& facts) {
  const BoundTerms& t = of.terms;
  const auto n = static_cast<std::size_t>(row.v_dim);
  const std::vector<double> zeros(n);
  const ChannelResults results = channel_results(t, row, facts);
  const double below = flushed_below(t.c, row.kv_normal);
  std::vector<double> weighted(n);
  std::vector<double> sum_abs_v(n);
  std::vector<double> max_abs_v(n);
  for (std::size_t j = 0; j < facts.keys.size(); ++j) {
    const double* values = facts.keys[j].sink ? zeros.data() : row.v.data() + j * n;
    const double p = facts.keys[j].probability;
    const double a = of.common[j];
    for (std::size_t c = 0; c < n; ++c) {
      const double v = std::fabs(values[c]);
      const double v_abs = v + results.centre[c];
      const double flushed = v < below ? v : 0;
      weighted[c] += p * (a * (std::fabs(values[c] - facts.out[c].hi) + results.pad[c]) +
                          (1 + a) * (t.mu * v_abs + t.nu * results.moved[c] + (1 + t.mu) * flushed));
      sum_abs_v[c] += v_abs;
      max_abs_v[c] = max_abs_v[c] < v_abs ? v_abs : max_abs_v[c];
    }
  }
  std::vector<ChannelSums> sums(n);
  for (std::size_t c = 0; c < n; ++c) {
    sums[c].weighted = weighted[c];
    sums[c].out_abs = results.moved[c];
    sums[c].sum_abs_v = sum_abs_v[c];
    sums[c].max_abs_v = max_abs_v[c];
  }
  return sums;
}

}  // namespace

double flushed_below(const Contract& c, double type_normal) {
  return c.underflow == Underflow::flush_inputs ? std::max(c.numerator.format.min_normal(), type_normal) : 0;
}

double largest_centre(const BoundTerms& t) {
  return t.c.centred_values ? (1 + g(t.u_n, t.row.n + 2)) * (1 + 0x1p-50) : 0;
}

LastRoundings last_roundings(const BoundTerms& t, DType out) {
  const Contract& c = t.c;
  const Cast stored{format_of(out), c.output.rounding};
  LastRoundings last;
  last.relative =
      compound(g(std::max(t.u_n, t.u_d), t.h_div + (c.centred_values ? 1 : 0)), stored.unit_roundoff());
  if (c.reciprocal && !c.unfused) last.relative = compound(last.relative, c.reciprocal_rel);
  // Rounding to the format that out has anyway adds nothing.
  if (c.output.format != stored.format) last.relative = compound(last.relative, c.output.unit_roundoff());
  last.relative = compound(last.relative, t.combine);
  last.limit = std::min({stored.max_finite(), c.numerator.format.max_finite(), c.output.max_finite()});
  const double lambda_out =
      std::max(underflow_error(stored, c.underflow), underflow_error(c.output, c.underflow));
  // P's scale is divided out before or after l is.
  const double products = c.probability_scale == 1 ? 2 : 3;
  last.absolute = 2 * lambda_out + products * t.lambda * (1 + stored.unit_roundoff());
  return last;
}

ChannelLine channel_line(const BoundTerms& t, const LastRoundings& last) {
  ChannelLine line;
  line.value_limit = t.denominator_in_range ? t.numerator_limit / (t.largest_sum * (1 + t.mu)) : 0;
  line.value_limit = std::min(line.value_limit, t.c.v_conversion.max_finite() / (1 + t.u_v));
  line.output_limit = last.limit;
  const double remaining = 1 - t.denominator_error * (1 + 0x1p-30);
  if (!(remaining > 0)) return line;
  const NumeratorUnderflow lost = numerator_underflow(t);
  // 1 / l underflows where l is large; the product with N then misses lambda * N = lambda * D * o.
  const double reciprocal = t.c.reciprocal ? t.lambda * t.largest_sum * (1 + t.nu) : 0;
  const double rounded = last.relative + reciprocal;
  // Covers the evaluation's own roundings; evaluation_underflow, where products underflow.
  const double slack = 1 + 0x1p-30;
  line.weighted = (1 + rounded) / remaining * slack;
  line.sum_abs_v = line.weighted * lost.sum_abs_v;
  line.max_abs_v = line.weighted * lost.max_abs_v;
  line.out_abs = line.weighted * t.denominator_underflow + rounded * slack;
  line.constant = line.weighted * lost.constant + last.absolute * slack + t.evaluation_underflow;
  if (!std::isfinite(line.constant + line.weighted + line.sum_abs_v + line.max_abs_v + line.out_abs)) {
    return {HUGE_VAL, 0, 0, 0, 0, line.value_limit, line.output_limit};
  }
  return line;
}

double lse_bound(const BoundTerms& t, const Known& lse, DType stored) {
  const Contract& c = t.c;
  if (!(t.denominator_error * (1 + 0x1p-30) < 1)) return HUGE_VAL;
  const double u = std::max(c.score.unit_roundoff(), t.u_d);
  const double beta = -std::log1p(-t.denominator_error * (1 + 0x1p-30));
  const double shift = t.row.max_abs_score + t.row.moved + t.row.abar + t.tau + t.above;
  const double error = beta + c.log.relative * (t.sums.log_sum_upper + t.row.abar + t.tau + t.above + beta) +
                       c.log.absolute + g(u, shift_roundings(c)) * shift;
  return rounded_lse(t, error, lse, stored);
}

double rounded_lse(const BoundTerms& t, double error, const Known& lse, DType stored) {
  const double lse_abs = std::fabs(lse.hi) + std::fabs(lse.lo) + lse.radius;
  const Format& format = format_of(stored);
  const double rounding = compound(lse_rounding(t), format.unit_roundoff());
  // Slope * position is subtracted again: a product of two converted numbers, and the sum before it.
  if (t.row.moved > 0) {
    error += (lse_abs + t.row.moved + error) * lse_rounding(t) +
             g(t.c.score.unit_roundoff(), 3) * t.row.moved + 4 * t.lambda;
  }
  const double bound =
      (error + (lse_abs + error) * rounding + 2 * t.lambda + format.min_normal()) * (1 + 0x1p-30);
  return lse_abs + bound < format.max_finite() ? bound : HUGE_VAL;
}

double least_lse_bound(const BoundTerms& t, double lse_abs, DType stored) {
  const double rounding = lse_rounding(t) + format_of(stored).unit_roundoff();
  return t.nu + t.c.log.absolute + lse_abs * rounding;
}

RowBound bound_of(const Contract& contract, const Row& row, const RowFacts& facts, DType out, DType lse) {
  const RowTerms of = row_terms(contract, row, facts);
  const ChannelLine line = channel_line(of.terms, last_roundings(of.terms, out));
  const HullBound hull(of.terms, out);
  const std::vector<ValueRange> ranges = value_ranges(row);
  RowBound bound;
  bound.scores_in_range = of.scores_in_range;
  bound.lse_in_range = of.scores_in_range && of.terms.denominator_in_range;
  const std::vector<ChannelSums> all = channel_sums(of, row, facts);
  for (std::size_t channel = 0; channel < facts.out.size(); ++channel) {
    const ChannelSums& sums = all[channel];
    const double value = line.bound(sums);
    bound.out.push_back(std::isfinite(value) ? value : HUGE_VAL);
    bound.in_range.push_back(line.in_range(sums, value));
    const double flushed = std::min(flushed_below(contract, row.kv_normal), sums.max_abs_v);
    bound.hull.push_back(hull.out(ranges[channel], sums.sum_abs_v, flushed));
  }
  bound.lse = lse_bound(of.terms, facts.lse, lse);
  bound.lse_hull = hull.lse(facts.lse, lse);
  return bound;
}

}  // namespace attest::oracle
