#include "oracle/bound.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/bound_terms.hpp"

namespace attest {
namespace {

double g(double u, double h) { return growth_of(u, h); }

double numerator_underflow(const BoundTerms& t, double sum_abs_v, double max_abs_v) {
  const Contract& c = t.c;
  const double product = largest_weight(t) * t.lambda_e * (1 + t.u_p);
  double lost = 0;
  if (c.unfused) {
    // P itself is rounded, so its absolute error is not divided by S.
    lost =
        (1 + g(t.u_n, t.n)) * ((t.lambda_p + 2 * t.lambda * (1 + t.u_p)) * sum_abs_v + 2 * t.n * t.lambda) +
        t.gamma * product * sum_abs_v;
  } else {
    lost = t.gamma * ((product + t.lambda_p) * sum_abs_v + (2 * t.n + t.rescales) * t.lambda);
  }
  if (c.splits > 1) {
    lost += c.splits * (t.lambda_partial + t.lambda) * t.gamma;
    lost += t.mass * (1 + std::max(t.mu, t.nu)) * (t.lambda_partial + 2 * t.lambda);
    if (c.merge == Merge::lse) {
      lost += t.gamma * t.facts.sum_lower * c.splits * (t.lambda_e * max_abs_v + t.lambda);
    }
  }
  return lost;
}

// The last roundings: division, an intermediate output format, the store in out's dtype.
double output_rounding(const Contract& c, double u, double h_div, DType out) {
  const Format& stored = format_of(out);
  double error = compound(g(u, h_div), stored.unit_roundoff(c.output_rounding));
  if (c.output && !(*c.output == stored)) error = compound(error, c.output->unit_roundoff(c.output_rounding));
  return error;
}

bool sums_in_range(const BoundTerms& t, double max_abs_v) {
  const double numerator = largest_sum(t) * (1 + t.mu) * max_abs_v;
  const bool stored = t.c.splits <= 1 || !t.c.partial || numerator < t.c.partial->max_finite();
  return t.denominator_in_range && stored && numerator < t.c.numerator.format.max_finite();
}

// Covers this file's own roundings, relative and where products underflow.
double evaluated(double bound, const BoundTerms& t) {
  return bound * (1 + 0x1p-30) + (4 * t.n + 64) * kBinary64.min_subnormal();
}

double channel_bound(const BoundTerms& t, const Row& row, std::int64_t channel, DType out, bool& in_range) {
  const Contract& c = t.c;
  const Known& o = t.facts.out[static_cast<std::size_t>(channel)];
  const double pad = std::fabs(o.lo) + o.radius;
  const double o_abs = std::fabs(o.hi) + pad;
  double sum = 0;
  double sum_abs_v = 0;
  double largest = 0;
  for (std::size_t j = 0; j < t.facts.keys.size(); ++j) {
    const KeyFacts& key = t.facts.keys[j];
    const double v =
        key.sink ? 0 : row.v[j * static_cast<std::size_t>(row.v_dim) + static_cast<std::size_t>(channel)];
    const double a = t.common[j];
    const double flushed =
        c.underflow == Underflow::flush_inputs && std::fabs(v) < c.numerator.format.min_normal()
            ? std::fabs(v)
            : 0;
    sum += key.probability * (a * (std::fabs(v - o.hi) + pad) +
                              (1 + a) * (t.mu * std::fabs(v) + t.nu * o_abs + (1 + t.mu) * flushed));
    sum_abs_v += std::fabs(v);
    largest = std::max(largest, std::fabs(v));
  }
  in_range = sums_in_range(t, largest);
  const double remaining = 1 - t.denominator_error * (1 + 0x1p-30);
  if (!(remaining > 0)) return HUGE_VAL;
  const double quotient =
      (sum + numerator_underflow(t, sum_abs_v, largest) + o_abs * t.denominator_underflow) / remaining;
  const Format& stored = format_of(out);
  const double lambda_out =
      std::max(underflow_error(stored, c.output_rounding, c.underflow),
               c.output ? underflow_error(*c.output, c.output_rounding, c.underflow) : 0.0);
  const double u_out = stored.unit_roundoff(c.output_rounding);
  // 1 / l underflows where l is large; the product with N then misses lambda * N = lambda * D * o.
  const double reciprocal = c.reciprocal ? t.lambda * largest_sum(t) * (1 + t.nu) * (o_abs + quotient) : 0;
  const double last = compound(output_rounding(c, std::max(t.u_n, t.u_d), t.h_div, out), t.combine);
  const double bound =
      quotient + (o_abs + quotient) * last + reciprocal + 2 * lambda_out + 2 * t.lambda * (1 + u_out);
  in_range = in_range && o_abs + bound < stored.max_finite() &&
             (!c.output || o_abs + bound < c.output->max_finite());
  return evaluated(bound, t);
}

double lse_bound(const BoundTerms& t, DType stored) {
  const Contract& c = t.c;
  if (!(t.denominator_error * (1 + 0x1p-30) < 1)) return HUGE_VAL;
  const double u = std::max(c.score.unit_roundoff(), t.u_d);
  const double beta = -std::log1p(-t.denominator_error * (1 + 0x1p-30));
  const double h_m = shift_roundings(c);
  const double h_l = c.folded_log2e ? 3 : 1;
  const double shift = t.facts.max_abs_score + t.abar + t.tau;
  const double error =
      beta + c.log_rel * (t.facts.log_sum_upper + t.abar + t.tau + beta) + c.log_abs + g(u, h_m) * shift;
  const double lse_abs = std::fabs(t.facts.lse.hi) + std::fabs(t.facts.lse.lo) + t.facts.lse.radius;
  const Format& format = format_of(stored);
  const double rounding = compound(g(u, h_l), format.unit_roundoff());
  return (error + (lse_abs + error) * rounding + 2 * t.lambda + format.min_normal()) * (1 + 0x1p-30);
}

}  // namespace

RowBound bound_of(const Contract& contract, const Row& row, const RowFacts& facts, DType out, DType lse) {
  const BoundTerms t = bound_terms(contract, row, facts);
  RowBound bound;
  bound.scores_in_range = t.scores_in_range;
  bound.lse_in_range = t.scores_in_range && t.denominator_in_range;
  bound.in_range.resize(facts.out.size(), false);
  for (std::int64_t channel = 0; channel < row.v_dim; ++channel) {
    bool in_range = false;
    double value = channel_bound(t, row, channel, out, in_range);
    if (!std::isfinite(value)) value = HUGE_VAL;
    bound.out.push_back(value);
    bound.in_range[static_cast<std::size_t>(channel)] = in_range;
  }
  bound.lse = lse_bound(t, lse);
  if (!std::isfinite(bound.lse)) bound.lse = HUGE_VAL;
  return bound;
}

}  // namespace attest
