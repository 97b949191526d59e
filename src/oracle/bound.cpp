#include "oracle/bound.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/score_error.hpp"

namespace attest {
namespace {

// g(h) = (1 + u)^h - 1
double g(double u, double h) { return std::expm1(h * std::log1p(u)); }

// Absolute error of one operation that underflows.
double underflow_error(const Format& format, Rounding rounding, Underflow underflow) {
  if (underflow != Underflow::gradual) return format.min_normal();
  return rounding == Rounding::nearest_even ? format.min_subnormal() / 2 : format.min_subnormal();
}

// The constants of one row under one contract; names as in docs/bound-derivation.md.
struct Terms {
  const Contract& c;
  const RowFacts& facts;
  double n = 0, tiles = 0, rescales = 0;  // n, T, R
  double u_n = 0, u_d = 0, u_p = 0;       // numerator, denominator, P
  double lambda = 0, lambda_e = 0, lambda_p = 0;
  double mu = 0, nu = 0, h_n = 0, h_div = 0;
  double tau = 0, abar = 0;
  std::vector<double> alpha{};       // score error, nats
  std::vector<double> common{};      // A_j
  double gamma = 0;                  // Gamma e^abar / S
  double denominator_underflow = 0;  // U_D
  double denominator_error = 0;      // sum p_j D_j + U_D
};

double ceil_log2(double x) { return std::ceil(std::log2(std::max(1.0, x))); }

void set_units(Terms& t, const Row& row) {
  const Contract& c = t.c;
  t.n = static_cast<double>(t.facts.keys.size());
  // Tiles need not start at key 0, so one more than the span holds; the sink may be a tile of its own.
  const double blocks = std::ceil(static_cast<double>(row.span) / c.key_block) + 1;
  t.tiles = std::min(t.n, blocks + (row.sink ? 1 : 0));
  t.rescales = c.unfused ? 0 : std::max(0.0, t.tiles - 1);
  if (c.splits > 1) t.rescales += c.splits;
  t.u_n = c.numerator.unit_roundoff();
  t.u_d = c.denominator.unit_roundoff();
  if (c.probability) t.u_p = c.probability->unit_roundoff(c.probability_rounding);
  const auto lambda_of = [&](const Accumulator& a) {
    return underflow_error(a.format, a.rounding, c.underflow);
  };
  t.lambda = std::max({lambda_of(c.score), lambda_of(c.numerator), lambda_of(c.denominator)});
  t.lambda_e = c.exp_abs + std::max({c.score.format.min_normal(), c.numerator.format.min_normal(),
                                     c.denominator.format.min_normal()});
  if (c.probability) t.lambda_p = underflow_error(*c.probability, c.probability_rounding, c.underflow);
  t.tau = c.tau + (c.sink_in_max ? 0 : t.facts.sink_excess);
}

// Roundings that one term of a sum of n terms and R rescales can meet (the product of the numerator
// included).
double depth(const Accumulator& accumulator, const Terms& t, int key_block, bool numerator) {
  const double any = t.n + t.rescales - (numerator ? 0 : 1);
  switch (accumulator.order) {
    case Order::any:
      return any;
    case Order::tree:
      return std::min(any, (numerator ? 1 : 0) + ceil_log2(key_block) + t.tiles + t.rescales);
    case Order::block_fma:
      return any + std::ceil(t.n / accumulator.width);
  }
  return any;
}

void set_uncommon(Terms& t) {
  const Contract& c = t.c;
  t.h_n = depth(c.numerator, t, c.key_block, true);
  double h_d = std::max(0.0, depth(c.denominator, t, c.key_block, false));
  if (c.splits > 1) {
    t.h_n += c.splits;
    h_d += c.splits;
  }
  const double u_p_numerator = c.denominator_sums_rounded ? 0 : t.u_p;  // else it is common
  t.mu = (1 + u_p_numerator) * (1 + g(t.u_n, t.h_n)) - 1;
  t.nu = g(t.u_d, h_d);
  const double divisions = c.reciprocal ? 2 : 1;
  t.h_div = divisions;
  if (c.unfused) {
    // The quotient is rounded `divisions` times before the cast; nothing is divided at the end.
    t.mu = (1 + g(t.u_d, divisions)) * (1 + t.mu) - 1;
    t.h_div = 0;
  }
  if (c.splits > 1) {
    const double u_partial = c.partial ? c.partial->unit_roundoff() : 0;
    t.mu = (1 + t.mu) * (1 + u_partial) - 1;
    if (c.merge == Merge::lse) t.mu = (1 + t.mu) * (1 + g(t.u_n, divisions)) - 1;
    if (c.merge == Merge::state) t.nu = (1 + t.nu) * (1 + u_partial) - 1;
  }
}

// ln(1 + rho) of a merge by (lse, o), for a key with this gap.
double lse_merge_error(const Terms& t, double gap, double u_s) {
  const Contract& c = t.c;
  double largest = 0;
  for (const KeyFacts& key : t.facts.keys) largest = std::max(largest, key.final);
  const double log_n = std::log(t.n);
  const double lse_abs = largest + log_n + t.abar;
  return c.log_rel * (log_n + t.abar) + c.log_abs + u_s * (lse_abs + t.facts.max_abs_score + t.abar) +
         u_s * gap + std::log1p(c.exp_rel);
}

void set_common(Terms& t) {
  const Contract& c = t.c;
  const double u = c.score.unit_roundoff();
  const double u_s = c.rounded_shift ? 3 * u : u;
  const double eps_c = c.folded_log2e ? g(u, 3) : 0;
  const double log_exp = (1 + t.rescales) * std::log1p(c.exp_rel);
  double largest = 0;
  for (const KeyFacts& key : t.facts.keys) largest = std::max(largest, key.final);
  const double kappa = c.rounded_shift ? u * (1 + eps_c) * (largest + t.abar) : 0;
  t.tau = std::max(t.tau, kappa);
  double weighted = 0;
  for (std::size_t j = 0; j < t.facts.keys.size(); ++j) {
    const double gap = t.facts.keys[j].gap + t.alpha[j] + t.abar + 2 * t.tau;
    double exponent = t.alpha[j] + (u_s + eps_c) * gap + kappa + log_exp;
    if (c.splits > 1 && c.merge == Merge::lse) exponent += lse_merge_error(t, gap, u_s);
    if (c.denominator_sums_rounded) exponent += std::log1p(t.u_p);
    t.common.push_back(std::expm1(exponent));
    weighted += t.facts.keys[j].probability * ((1 + t.common[j]) * (1 + t.nu) - 1);
  }
  const double gamma = (1 + t.u_p) * (1 + g(std::max(t.u_n, t.u_d), t.h_n + 2)) *
                       std::exp(t.rescales * std::log1p(c.exp_rel)) * std::exp(t.abar);
  t.gamma = gamma / t.facts.sum_lower;
  const double lambda_l = c.denominator_sums_rounded ? t.n * t.lambda_p : 0;
  t.denominator_underflow = t.gamma * (t.n * t.lambda_e + (2 * t.n + t.rescales) * t.lambda + lambda_l);
  t.denominator_error = weighted + t.denominator_underflow;
}

double numerator_underflow(const Terms& t, double sum_abs_v) {
  const double product = t.lambda_e * (1 + t.u_p);
  if (!t.c.unfused) {
    return t.gamma * ((product + t.lambda_p) * sum_abs_v + (2 * t.n + t.rescales) * t.lambda);
  }
  // P itself is rounded, so its absolute error is not divided by S.
  return (1 + g(t.u_n, t.n)) * ((t.lambda_p + 2 * t.lambda * (1 + t.u_p)) * sum_abs_v + t.n * t.lambda) +
         t.gamma * product * sum_abs_v;
}

// The last roundings: division, an intermediate output format, the store in out's dtype.
double output_rounding(const Contract& c, double u, double h_div, DType out) {
  const Format& stored = format_of(out);
  double factor = (1 + g(u, h_div)) * (1 + stored.unit_roundoff(c.output_rounding));
  if (c.output && !(*c.output == stored)) factor *= 1 + c.output->unit_roundoff(c.output_rounding);
  return factor - 1;
}

double channel_bound(const Terms& t, const Row& row, std::int64_t channel, DType out, bool& in_range) {
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
  const double remaining = 1 - t.denominator_error * (1 + 0x1p-30);
  if (!(remaining > 0)) return HUGE_VAL;
  const double quotient =
      (sum + numerator_underflow(t, sum_abs_v) + o_abs * t.denominator_underflow) / remaining;
  const Format& stored = format_of(out);
  const double lambda_out =
      std::max(underflow_error(stored, c.output_rounding, c.underflow),
               c.output ? underflow_error(*c.output, c.output_rounding, c.underflow) : 0.0);
  const double u_out = stored.unit_roundoff(c.output_rounding);
  const double bound = quotient +
                       (o_abs + quotient) * output_rounding(c, std::max(t.u_n, t.u_d), t.h_div, out) +
                       2 * lambda_out + 2 * t.lambda * (1 + u_out);
  const double numerator =
      std::exp(t.tau) * t.n * largest * (1 + t.mu) * std::exp((1 + t.rescales) * std::log1p(c.exp_rel));
  in_range = numerator < c.numerator.format.max_finite() && o_abs + bound < stored.max_finite() &&
             (!c.output || o_abs + bound < c.output->max_finite());
  return bound * (1 + 0x1p-30);
}

double lse_bound(const Terms& t, DType stored) {
  const Contract& c = t.c;
  if (!(t.denominator_error * (1 + 0x1p-30) < 1)) return HUGE_VAL;
  const double u = std::max(c.score.unit_roundoff(), t.u_d);
  const double beta = -std::log1p(-t.denominator_error * (1 + 0x1p-30));
  const double h_m = c.folded_log2e ? 2 : 0;
  const double h_l = c.folded_log2e ? 3 : 1;
  const double shift = t.facts.max_abs_score + t.abar + t.tau;
  const double error =
      beta + c.log_rel * (t.facts.log_sum_upper + t.abar + t.tau + beta) + c.log_abs + g(u, h_m) * shift;
  const double lse_abs = std::fabs(t.facts.lse.hi) + std::fabs(t.facts.lse.lo) + t.facts.lse.radius;
  const Format& format = format_of(stored);
  const double rounding = (1 + g(u, h_l)) * (1 + format.unit_roundoff()) - 1;
  return (error + (lse_abs + error) * rounding + 2 * t.lambda + format.min_normal()) * (1 + 0x1p-30);
}

}  // namespace

RowBound bound_of(const Contract& contract, const Row& row, const RowFacts& facts, DType out, DType lse) {
  Terms t{contract, facts};
  RowBound bound;
  set_units(t, row);
  const ScoreErrors scores = score_errors(contract, row, facts, t.lambda);
  bound.scores_in_range = scores.in_range;
  t.alpha = scores.alpha;
  t.abar = scores.largest;
  set_uncommon(t);
  set_common(t);
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
