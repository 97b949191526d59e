#include "oracle/bound/bound_terms.hpp"

#include <algorithm>

#include "oracle/bound/shift.hpp"

namespace attest::oracle {
namespace {

double g(double u, double h) { return growth_of(u, h); }

bool by_lse(const Contract& c) { return c.splits > 1 && c.merge != Merge::state; }

// Of 1 / l, in addition to its rounding.
double reciprocal_error(const Contract& c) { return c.reciprocal ? c.reciprocal_rel : 0; }

double ceil_log2(double x) { return std::ceil(std::log2(std::max(1.0, x))); }

void set_units(BoundTerms& t) {
  const Contract& c = t.c;
  // Tiles need not start at key 0, so one more than the span holds; the sink may be a tile of its own. Every
  // change of the shift is to a strictly larger score, so there are at most n - 1.
  t.tiles = std::min(t.row.n, std::ceil(t.row.span / c.key_block) + 1 + (t.row.sink ? 1 : 0));
  t.rescales = c.unfused ? 0 : std::min(t.row.n - 1, t.tiles - 1 + (c.splits - 1));
  t.u_n = c.numerator.unit_roundoff();
  t.u_d = c.denominator.unit_roundoff();
  t.u_p = c.probability.unit_roundoff();
  t.lambda = underflow_of(c);
  // A factor that underflows makes the whole product smaller than the smallest normal, so flushing counts
  // once; other absolute errors hit the exponential and each rescale factor. A lazy rescale lets terms reach
  // e^tau.
  const double omega = std::max(
      {c.score.format.min_normal(), c.numerator.format.min_normal(), c.denominator.format.min_normal()});
  t.lambda_e = omega + (1 + t.rescales) * c.exp.absolute;
  t.lambda_p = underflow_error(c.probability, c.underflow) / c.probability_scale;
  t.u_v = c.v_conversion.unit_roundoff();
  t.lambda_v = underflow_error(c.v_conversion, c.underflow);
  if (c.splits > 1) {
    t.u_partial = c.partial.unit_roundoff();
    t.lambda_partial = underflow_error(c.partial, c.underflow);
  }
  set_shift(t);
}

// Roundings that one term of a sum of n terms and R rescales can meet (the product of the numerator
// included).
double depth(const Sum& sum, const BoundTerms& t, int key_block, bool numerator) {
  const double any = t.row.n + t.rescales - (numerator ? 0 : 1);
  switch (sum.order) {
    case Order::any:
    case Order::sequential:
      return any;
    case Order::tree:
      return std::min(any, (numerator ? 1 : 0) + ceil_log2(key_block) + t.tiles + t.rescales);
    // Blocks that the visible keys touch: masks, windows and tile edges cut them.
    case Order::block_fma:
      return any + std::min(t.row.n, std::ceil(t.row.span / sum.width) + 1 + t.tiles);
  }
  return any;
}

// Of the quotients of splits; each link of a chain multiplies, adds, rounds its total and divides again.
double merge_roundings(const BoundTerms& t, double divisions) {
  const double quotients = t.c.merge == Merge::chain ? 1 + links_of(t.c) : 1;
  const double chained = t.c.merge == Merge::chain ? 3 * links_of(t.c) : 0;
  return compound(g(std::max(t.u_n, chained > 0 ? t.u_d : 0), quotients * divisions + chained),
                  g(reciprocal_error(t.c), quotients));
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
  t.mu = compound(compound(u_p_numerator, t.u_v), g(t.u_n, t.h_n + (c.centred_values ? 1 : 0)));
  t.nu = g(t.u_d, h_d);
  const double divisions = c.reciprocal ? 2 : 1;
  t.h_div = divisions;
  if (c.unfused) {
    // The quotient is rounded `divisions` times before the cast; nothing is divided at the end.
    t.mu = compound(compound(g(t.u_d, divisions), reciprocal_error(c)), t.mu);
    t.h_div = 0;
  }
  const double stores = c.merge == Merge::lse ? 1 : c.splits;
  t.mu = compound(t.mu, g(t.u_partial, stores));
  if (c.merge == Merge::state) t.nu = compound(t.nu, g(t.u_partial, stores));
  if (by_lse(c)) t.mu = compound(t.mu, merge_roundings(t, divisions));
}

// Error of an exponential taken of a computed lse of some subset of the keys, in nats. `log_sum` bounds the
// logarithm of that subset's computed denominator.
double lse_error(const BoundTerms& t, double log_sum) {
  const Contract& c = t.c;
  const double u = c.score.unit_roundoff();
  const double shift = t.row.largest_score + t.row.moved + t.row.abar + t.tau + t.above;
  const double lse_abs = shift + log_sum;
  const double unscaled = g(u, shift_roundings(c)) * shift;
  return c.log.relative * log_sum + c.log.absolute + unscaled +
         (g(u, c.folded_log2e ? 3 : 1) + t.u_partial) * lse_abs + t.lambda_partial;
}

// Relative error of a difference of shifts, or of a score and a shift.
double shift_error(const Contract& c) {
  const double u = c.score.unit_roundoff();
  return c.rounded_shift ? g(u, 3) : u;
}

// eps_c
double constant_error(const Contract& c) { return c.folded_log2e ? g(c.score.unit_roundoff(), 3) : 0; }

// Lambda
double flushed_exponents(const BoundTerms& t) {
  // A subtraction is exact where it underflows gradually; a product with log2(e) or a rounded shift is not.
  if (t.c.rounded_shift) return 2 * t.lambda * (2 + t.rescales);
  return t.c.underflow == Underflow::gradual ? 0 : t.lambda * (2 + t.rescales);
}

// ln(1 + A_j) before the merge of splits; G_j = gap_j + alpha_j + abar + 2 tau.
CommonLine common_line(const BoundTerms& t) {
  const Contract& c = t.c;
  const double flushed_shift = flushed_exponents(t);
  const double per_gap = compound(shift_error(c), constant_error(c));
  const double constant = per_gap * (t.row.abar + t.above + 2 * t.tau) + t.kappa +
                          (1 + t.rescales) * std::log1p(c.exp.relative) +
                          (c.denominator_sums_rounded ? std::log1p(t.u_p) : 0) + flushed_shift;
  return {constant, 1 + per_gap, per_gap};
}

// Adds what a merge of splits by (lse, o) adds to ln(1 + A_j), and sets the error of the total. Returns the
// largest addition.
double add_merge_by_lse(BoundTerms& t) {
  const Contract& c = t.c;
  const double u = c.score.unit_roundoff();
  const double largest = t.common.at(t.row.abar, t.row.largest_gap);
  const double log_sum = std::log(t.row.n) + t.tau + t.above + largest + std::log1p(t.nu);
  const double error = lse_error(t, log_sum);
  const double links = links_of(c);
  const double constant = links * (error + u * (t.row.abar + t.above + 2 * t.tau + log_sum + 2 * error) +
                                   std::log1p(c.exp.relative));
  t.common.constant += constant;
  t.common.alpha += links * u;
  t.common.gap += links * u;
  // out = sum exp(lse_i - lse) o_i has no division that would cancel the error of the total.
  t.combine = std::expm1(links * (lse_error(t, std::log(c.splits) + 2 * error) +
                                  g(u, 2) * (log_sum + 2 * error) + std::log1p(c.exp.relative)));
  return constant + links * u * (t.row.abar + t.row.largest_gap);
}

// Computed scores lie at most tau above the shift, and kappa where the two are rounded apart.
double largest_weight(const BoundTerms& t) {
  const double u = t.c.score.unit_roundoff();
  const double growth = (1 + g(u, 3)) * (1 + constant_error(t.c));
  return std::exp(t.tau * growth + t.kappa + (1 + t.rescales) * std::log1p(t.c.exp.relative)) +
         t.c.exp.absolute;
}

// What no computed weight or sum exceeds, and what underflow loses of the denominator. Needs kappa, tau and
// growth.
void set_largest(BoundTerms& t) {
  const Contract& c = t.c;
  const double n = t.row.n;
  t.largest_weight = largest_weight(t);
  t.largest_sum = t.largest_weight * n;
  t.denominator_lost = t.largest_weight * n * t.lambda_e + (2 * n + t.rescales) * t.lambda +
                       (c.denominator_sums_rounded ? n * t.lambda_p : 0);
  if (c.splits > 1) t.denominator_lost += c.splits * (t.lambda_partial + t.lambda);
  // The weights of a merge by lse are exponentials too, relative to a sum of at least 1.
  if (by_lse(c)) t.denominator_merged = t.growth * c.splits * (t.lambda_e + t.lambda);
}

void set_common(BoundTerms& t) {
  const Contract& c = t.c;
  const double u = c.score.unit_roundoff();
  const double largest = t.row.largest_score + t.row.moved + t.row.abar + t.above;
  t.kappa = c.rounded_shift ? u * (1 + constant_error(c)) * largest : 0;
  t.tau = std::max(t.tau, t.kappa);
  t.common = common_line(t);
  const double merge_error = by_lse(c) ? add_merge_by_lse(t) : 0;
  t.growth = (1 + t.u_p) * (1 + g(std::max(t.u_n, t.u_d), t.h_n + 2)) *
             std::exp(t.rescales * std::log1p(c.exp.relative + c.exp.absolute) + t.row.abar + t.kappa +
                      t.above + merge_error);
  t.sum_growth = 1 + g(t.u_n, t.row.n);
  set_largest(t);
}

bool denominator_in_range(const BoundTerms& t) {
  const double scale = t.c.probability_scale;
  const double denominator = t.largest_sum * (1 + t.nu) * (t.c.denominator_sums_rounded ? scale : 1);
  bool in_range = denominator < t.c.denominator.format.max_finite();
  if (t.c.splits > 1) in_range = in_range && denominator < t.c.partial.max_finite();
  if (t.c.probability) {
    in_range = in_range && scale * t.largest_weight * (1 + t.u_p) < t.c.probability.max_finite();
  }
  return in_range;
}

// The least computed weight, relative to the last shift, of the key whose computed score is the largest; the
// common roundings of P included. `t.kappa` counts both roundings of that key's score and shift.
double largest_key_weight(const BoundTerms& t) {
  const Contract& c = t.c;
  const double u_s = shift_error(c);
  const double lag = (c.unfused ? 0 : t.lag) + t.above + t.kappa;  // how far its shift may lie from it
  const double exponent = (1 + constant_error(c)) * (t.above + t.kappa + 4 * u_s * lag) +
                          flushed_exponents(t) - (1 + t.rescales) * std::log1p(-c.exp.relative);
  const double weight = std::exp(-exponent) - t.largest_weight * t.lambda_e;
  return (weight * (1 - t.u_p) - t.lambda_p) * (1 - 0x1p-30);
}

// Error of the total in a merge by lse whose weights are exp(lse_i - total). `log_sum` bounds |ln D| of every
// split.
double hull_combine(const BoundTerms& t, double log_sum) {
  const double u = t.c.score.unit_roundoff();
  const double log_splits = std::log(t.c.splits);
  const double error = lse_error(t, log_sum);
  return std::expm1(links_of(t.c) *
                    ((1 + u) * lse_error(t, log_splits + log_sum + 2 * error) + u * log_splits +
                     g(u, 2) * (log_sum + 2 * error) + std::log1p(t.c.exp.relative)));
}

// Beyond what denominator_in_range asks: exponentials, 1 / l, and what a merge by lse handles stay finite.
bool hull_in_range(const BoundTerms& t, double log_sum) {
  const Contract& c = t.c;
  const double least = t.sums.sum_lower * (1 - t.denominator_error);  // of a computed denominator
  if (!(least > 0) || !(t.largest_weight < c.score.format.max_finite())) return false;
  const double sums = std::min(c.numerator.format.max_finite(), c.denominator.format.max_finite());
  if ((c.reciprocal || c.unfused) && !(2 / least < sums)) return false;
  if (!by_lse(c)) return true;
  const double largest_lse =
      2 * (t.row.largest_score + t.row.moved + t.row.abar + t.tau + t.above + t.kappa + log_sum);
  return t.combine < 1 && (!c.partial || largest_lse < c.partial.max_finite());
}

}  // namespace

BoundTerms bound_terms(const Contract& contract, const RowScope& row) {
  BoundTerms t{contract, row};
  set_units(t);
  set_uncommon(t);
  set_common(t);
  t.denominator_in_range = denominator_in_range(t);
  t.numerator_limit = contract.numerator.format.max_finite();
  if (contract.splits > 1) t.numerator_limit = std::min(t.numerator_limit, contract.partial.max_finite());
  t.numerator_limit /= contract.probability_scale;
  t.evaluation_underflow = (4 * row.n + 64) * kBinary64.min_subnormal();
  return t;
}

BoundTerms hull_terms(const BoundTerms& of) {
  BoundTerms t = of;
  const Contract& c = t.c;
  // The sink's excess is over computed scores here, and so is what a bound by norms exceeds.
  if (t.row.sink && !c.sink_in_max) t.tau += 2 * t.row.abar;
  if (c.shift_by_norms) t.above += t.row.abar;
  t.kappa = 2 * of.kappa;
  t.common = {0, 0, 0};
  t.growth = (1 + t.u_p) * (1 + g(std::max(t.u_n, t.u_d), t.h_n + 2)) *
             std::exp((t.rescales + (by_lse(c) ? 2 * links_of(c) : 0)) *
                      (std::log1p(c.exp.relative + c.exp.absolute) - std::log1p(-c.exp.relative)));
  set_largest(t);
  const double least = largest_key_weight(t);
  set_sums(t, {least > 0 ? least : 0, std::log(t.row.n), 0});
  if (!(least > 0)) t.denominator_error = HUGE_VAL;
  const double log_sum = std::max(std::log(t.largest_sum), -std::log(least)) + std::log1p(t.nu) -
                         std::log1p(-std::min(1.0, t.denominator_error)) + of.common.constant;
  t.combine = by_lse(c) ? hull_combine(t, log_sum) : 0;
  t.log_denominator = log_sum;
  t.denominator_in_range = denominator_in_range(t) && hull_in_range(t, log_sum);
  return t;
}

void set_sums(BoundTerms& t, const RowSums& sums) {
  t.sums = sums;
  t.gamma = t.growth / sums.sum_lower;
  t.mass = 1 + sums.common;
  t.denominator_underflow = t.gamma * t.denominator_lost + t.denominator_merged;
  t.denominator_error = compound(sums.common, t.nu) + t.denominator_underflow;
}

}  // namespace attest::oracle
