#include "oracle/bound_terms.hpp"

#include <algorithm>

#include "oracle/score_error.hpp"

namespace attest {
namespace {

double g(double u, double h) { return growth_of(u, h); }

double ceil_log2(double x) { return std::ceil(std::log2(std::max(1.0, x))); }

void set_units(BoundTerms& t, const Row& row) {
  const Contract& c = t.c;
  t.n = static_cast<double>(t.facts.keys.size());
  t.span = static_cast<double>(row.span);
  // Tiles need not start at key 0, so one more than the span holds; the sink may be a tile of its own. Every
  // change of the shift is to a strictly larger score, so there are at most n - 1.
  t.tiles = std::min(t.n, std::ceil(t.span / c.key_block) + 1 + (row.sink ? 1 : 0));
  t.rescales = c.unfused ? 0 : std::min(t.n - 1, t.tiles - 1 + (c.splits - 1));
  t.u_n = c.numerator.unit_roundoff();
  t.u_d = c.denominator.unit_roundoff();
  if (c.probability) t.u_p = c.probability->unit_roundoff(c.probability_rounding);
  const auto lambda_of = [&](const Accumulator& a) {
    return underflow_error(a.format, a.rounding, c.underflow);
  };
  t.lambda = std::max({lambda_of(c.score), lambda_of(c.numerator), lambda_of(c.denominator)});
  // A factor that underflows makes the whole product smaller than the smallest normal, so flushing counts
  // once; other absolute errors hit the exponential and each rescale factor. A lazy rescale lets terms reach
  // e^tau.
  const double omega = std::max(
      {c.score.format.min_normal(), c.numerator.format.min_normal(), c.denominator.format.min_normal()});
  t.lambda_e = omega + (1 + t.rescales) * c.exp_abs;
  if (c.probability) t.lambda_p = underflow_error(*c.probability, c.probability_rounding, c.underflow);
  if (c.splits > 1 && c.partial) {
    t.u_partial = c.partial->unit_roundoff();
    t.lambda_partial = underflow_error(*c.partial, Rounding::nearest_even, c.underflow);
  }
  t.tau = c.tau + (c.sink_in_max ? 0 : t.facts.sink_excess);
}

// Roundings that one term of a sum of n terms and R rescales can meet (the product of the numerator
// included).
double depth(const Accumulator& accumulator, const BoundTerms& t, int key_block, bool numerator) {
  const double any = t.n + t.rescales - (numerator ? 0 : 1);
  switch (accumulator.order) {
    case Order::any:
      return any;
    case Order::tree:
      return std::min(any, (numerator ? 1 : 0) + ceil_log2(key_block) + t.tiles + t.rescales);
    // Blocks that the visible keys touch: masks, windows and tile edges cut them.
    case Order::block_fma:
      return any + std::min(t.n, std::ceil(t.span / accumulator.width) + 1 + t.tiles);
  }
  return any;
}

void set_uncommon(BoundTerms& t) {
  const Contract& c = t.c;
  t.h_n = depth(c.numerator, t, c.key_block, true);
  // The first addition to 0 is exact unless exponentials are wider than the denominator.
  const double narrowed = c.denominator.format.precision < c.score.format.precision ? 1 : 0;
  double h_d = std::max(0.0, depth(c.denominator, t, c.key_block, false)) + narrowed;
  if (c.splits > 1) {
    t.h_n += c.splits;
    h_d += c.splits;
  }
  const double u_p_numerator = c.denominator_sums_rounded ? 0 : t.u_p;  // else it is common
  t.mu = compound(u_p_numerator, g(t.u_n, t.h_n));
  t.nu = g(t.u_d, h_d);
  const double divisions = c.reciprocal ? 2 : 1;
  t.h_div = divisions;
  if (c.unfused) {
    // The quotient is rounded `divisions` times before the cast; nothing is divided at the end.
    t.mu = compound(g(t.u_d, divisions), t.mu);
    t.h_div = 0;
  }
  const double stores = c.merge == Merge::state ? c.splits : 1;
  t.mu = compound(t.mu, g(t.u_partial, stores));
  if (c.merge == Merge::state) t.nu = compound(t.nu, g(t.u_partial, stores));
  if (c.splits > 1 && c.merge == Merge::lse) t.mu = compound(t.mu, g(t.u_n, divisions));
}

double largest_score(const BoundTerms& t) {
  double largest = 0;
  for (const KeyFacts& key : t.facts.keys) largest = std::max(largest, key.final);
  return largest;
}

// Error of an exponential taken of a computed lse of some subset of the keys, in nats. `log_sum` bounds the
// logarithm of that subset's computed denominator.
double lse_error(const BoundTerms& t, double log_sum) {
  const Contract& c = t.c;
  const double u = c.score.unit_roundoff();
  const double shift = largest_score(t) + t.abar + t.tau;
  const double lse_abs = shift + log_sum;
  const double unscaled = g(u, shift_roundings(c)) * shift;
  return c.log_rel * log_sum + c.log_abs + unscaled + (g(u, c.folded_log2e ? 3 : 1) + t.u_partial) * lse_abs +
         t.lambda_partial;
}

// ln(1 + A_j) before the merge of splits; gap is G_j.
double common_exponent(const BoundTerms& t, double alpha, double gap) {
  const Contract& c = t.c;
  const double u = c.score.unit_roundoff();
  const double u_s = c.rounded_shift ? g(u, 3) : u;
  const double eps_c = c.folded_log2e ? g(u, 3) : 0;
  // A subtraction is exact where it underflows gradually; a product with log2(e) or a rounded shift is not.
  double flushed_shift = c.underflow == Underflow::gradual ? 0 : t.lambda * (2 + t.rescales);
  if (c.rounded_shift) flushed_shift = 2 * t.lambda * (2 + t.rescales);
  return alpha + compound(u_s, eps_c) * gap + t.kappa + (1 + t.rescales) * std::log1p(c.exp_rel) +
         (c.denominator_sums_rounded ? std::log1p(t.u_p) : 0) + flushed_shift;
}

// Adds what a merge of splits by (lse, o) adds to ln(1 + A_j), and sets the error of the total. Returns the
// largest addition. `largest` is the largest exponent before.
double add_merge_by_lse(BoundTerms& t, std::vector<double>& exponents, double largest) {
  const Contract& c = t.c;
  const double u = c.score.unit_roundoff();
  const double log_sum = std::log(t.n) + t.tau + largest + std::log1p(t.nu);
  const double error = lse_error(t, log_sum);
  double most = 0;
  for (std::size_t j = 0; j < exponents.size(); ++j) {
    const double distance = t.facts.keys[j].gap + t.alpha[j] + t.abar + 2 * t.tau + log_sum + 2 * error;
    const double added = error + u * distance + std::log1p(c.exp_rel);
    exponents[j] += added;
    most = std::max(most, added);
  }
  // out = sum exp(lse_i - lse) o_i has no division that would cancel the error of the total.
  t.combine = std::expm1(lse_error(t, std::log(c.splits) + 2 * error) + g(u, 2) * (log_sum + 2 * error) +
                         std::log1p(c.exp_rel));
  return most;
}

void set_common(BoundTerms& t) {
  const Contract& c = t.c;
  const double u = c.score.unit_roundoff();
  const double eps_c = c.folded_log2e ? g(u, 3) : 0;
  t.kappa = c.rounded_shift ? u * (1 + eps_c) * (largest_score(t) + t.abar) : 0;
  t.tau = std::max(t.tau, t.kappa);
  std::vector<double> exponents;
  double largest = 0;
  for (std::size_t j = 0; j < t.facts.keys.size(); ++j) {
    const double gap = t.facts.keys[j].gap + t.alpha[j] + t.abar + 2 * t.tau;
    exponents.push_back(common_exponent(t, t.alpha[j], gap));
    largest = std::max(largest, exponents.back());
  }
  const bool by_lse = c.splits > 1 && c.merge == Merge::lse;
  const double merge_error = by_lse ? add_merge_by_lse(t, exponents, largest) : 0;
  double weighted = 0;
  for (std::size_t j = 0; j < exponents.size(); ++j) {
    t.common.push_back(std::expm1(exponents[j]));
    t.mass += t.facts.keys[j].probability * (1 + t.common[j]);
    weighted += t.facts.keys[j].probability * compound(t.common[j], t.nu);
  }
  const double growth =
      (1 + t.u_p) * (1 + g(std::max(t.u_n, t.u_d), t.h_n + 2)) *
      std::exp(t.rescales * std::log1p(c.exp_rel + c.exp_abs) + t.abar + t.kappa + merge_error);
  t.gamma = growth / t.facts.sum_lower;
  const double lambda_l = c.denominator_sums_rounded ? t.n * t.lambda_p : 0;
  double lost = largest_weight(t) * t.n * t.lambda_e + (2 * t.n + t.rescales) * t.lambda + lambda_l;
  if (c.splits > 1) lost += c.splits * (t.lambda_partial + t.lambda);
  t.denominator_underflow = t.gamma * lost;
  // The weights of a merge by lse are exponentials too, relative to a sum of at least 1.
  if (by_lse) t.denominator_underflow += growth * c.splits * (t.lambda_e + t.lambda);
  t.denominator_error = weighted + t.denominator_underflow;
}

}  // namespace

// Absolute error of one operation that underflows.
double underflow_error(const Format& format, Rounding rounding, Underflow underflow) {
  if (underflow != Underflow::gradual) return format.min_normal();
  const double quantum = format.min_subnormal();
  // Half of binary64's smallest number would vanish here.
  return rounding == Rounding::nearest_even ? std::max(quantum / 2, kBinary64.min_subnormal()) : quantum;
}

double largest_weight(const BoundTerms& t) {
  // Computed scores lie at most tau above the shift, and kappa where the two are rounded apart.
  const double u = t.c.score.unit_roundoff();
  const double growth = (1 + g(u, 3)) * (1 + (t.c.folded_log2e ? g(u, 3) : 0));
  return std::exp(t.tau * growth + t.kappa + (1 + t.rescales) * std::log1p(t.c.exp_rel)) + t.c.exp_abs;
}

double largest_sum(const BoundTerms& t) { return largest_weight(t) * t.n; }

namespace {

bool denominator_in_range(const BoundTerms& t) {
  const double denominator = largest_sum(t) * (1 + t.nu);
  bool in_range = denominator < t.c.denominator.format.max_finite();
  if (t.c.splits > 1 && t.c.partial) in_range = in_range && denominator < t.c.partial->max_finite();
  if (t.c.probability) in_range = in_range && largest_weight(t) * (1 + t.u_p) < t.c.probability->max_finite();
  return in_range;
}

}  // namespace

BoundTerms bound_terms(const Contract& contract, const Row& row, const RowFacts& facts) {
  BoundTerms t{contract, facts};
  set_units(t, row);
  const ScoreErrors scores = score_errors(contract, row, facts, t.lambda);
  t.scores_in_range = scores.in_range;
  t.alpha = scores.alpha;
  t.abar = scores.largest;
  set_uncommon(t);
  set_common(t);
  t.denominator_in_range = denominator_in_range(t);
  return t;
}

}  // namespace attest
