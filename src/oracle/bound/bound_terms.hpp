// The constants of the error bound for one row, or for rows that share upper bounds, under one contract.
#pragma once

#include "numerics/elementary.hpp"
#include "oracle/contract/contract.hpp"

namespace attest::oracle {

/// (1 + u)^h - 1: the largest relative error of h roundings.
inline double growth_of(double u, double h) { return expm1_above(h * log1p_above(u)); }

/// (1 + x)(1 + y) - 1 without the cancellation that loses errors of one unit roundoff of f64.
inline double compound(double x, double y) { return x + y + x * y; }

/// Absolute error of one operation (multiply, divide, cast) whose result underflows.
double underflow_error(const Format& format, Rounding rounding, Underflow underflow);
/// 0 where nothing is rounded.
double underflow_error(const Cast& cast, Underflow underflow);

/// What the constants of a row depend on, besides its contract. Larger values (but `sink`) give larger
/// bounds.
struct RowScope {
  double n = 0;     ///< visible keys, the sink included
  double span = 0;  ///< keys that exist, visible or not
  bool sink = false;
  double abar = 0;           ///< at least every alpha_j
  double largest_score = 0;  ///< at least every |s_j|
  double largest_gap = 0;    ///< at least every s_max - s_j
  double max_abs_score = 0;  ///< at least |s_max|
  double sink_excess = 0;    ///< at least max(0, sink - max over keys)
  double moved = 0;          ///< alibi_move; largest_score and max_abs_score do not contain it
  double norms = 0;          ///< at least |scale| |q| max|k_j| + max|bias| + max|slope distance|
  double qk_dim = 0;
};

/// ln(1 + A_j) <= constant + alpha * alpha_j + gap * (s_max - s_j).
struct CommonLine {
  double constant = 0, alpha = 0, gap = 0;
  double at(double alpha_j, double gap_j) const { return constant + alpha * alpha_j + gap * gap_j; }
};

/// Sums over a row's keys that complete the constants.
struct RowSums {
  double sum_lower = 1;      ///< at most S
  double log_sum_upper = 0;  ///< at least ln S
  double common = 0;         ///< at least sum p_j A_j
};

/// Names as in docs/bound-derivation.md; every value is nonnegative and from above.
struct BoundTerms {
  const Contract& c;
  RowScope row;
  double tiles = 0, rescales = 0;    // T, R
  double u_n = 0, u_d = 0, u_p = 0;  // numerator, denominator, P
  double u_v = 0, lambda_v = 0;      // conversion of v
  double lambda = 0, lambda_e = 0, lambda_p = 0;
  double mu = 0, nu = 0, h_n = 0, h_div = 0;
  double lag = 0, above = 0;  // how far the shift may lie below and above the largest computed score
  double tau = 0, kappa = 0;  // tau: the lag, with what a sink outside the shift adds
  double lambda_partial = 0, u_partial = 0;  // store of split results
  CommonLine common{};                       // A_j
  double growth = 0;                         // Gamma e^(abar + kappa + above)
  double combine = 0;                        // error of the total in a merge by lse
  double sum_growth = 1;                     // 1 + g(u_n, n)
  double largest_weight = 0;                 // no computed exponential, rescaled or not, exceeds this
  double largest_sum = 0;         // nor a denominator this times 1 + nu, nor a numerator this max|v| (1 + mu)
  double denominator_lost = 0;    // U_D before it is multiplied by gamma
  double denominator_merged = 0;  // what a merge by lse adds to U_D
  double numerator_limit = 0;     // a numerator at least this large may overflow, stored partial ones too
  double evaluation_underflow = 0;   // of the bound's own evaluation
  double log_denominator = 0;        // hull_terms: at least |ln D| of every computed denominator
  bool denominator_in_range = true;  // no correct kernel's l, P or stored partial l overflows
  // Of one row's sums:
  RowSums sums{};
  double gamma = 0;                  // growth / S
  double mass = 0;                   // sum p_j (1 + A_j)
  double denominator_underflow = 0;  // U_D
  double denominator_error = 0;      // sum p_j D_j + U_D
};

/// Roundings of the maximum on its way into lse: times a constant, or rounded apart from the shifts.
inline double shift_roundings(const Contract& c) { return c.folded_log2e ? 2 : c.rounded_shift ? 1 : 0; }

/// Merges by (lse, o) that follow one another. A sink that the shift does not cover is one more.
inline double links_of(const Contract& c) { return c.merge == Merge::chain ? c.splits : 1; }

/// lambda of the scores and sums of a contract.
double underflow_of(const Contract& contract);

/// Everything but what depends on a row's sums. `contract` must outlive the result.
BoundTerms bound_terms(const Contract& contract, const RowScope& row);

/// The constants where nothing is assumed of score errors: A_j = 0, and W is the sum of the computed weights,
/// of which the largest score's is near 1 (docs/bound-derivation.md 6a). set_sums is done; `terms` need it
/// not. denominator_in_range also says that every intermediate of a correct kernel after its scores is
/// finite.
BoundTerms hull_terms(const BoundTerms& terms);

/// Completes the constants for a row.
void set_sums(BoundTerms& terms, const RowSums& sums);

}  // namespace attest::oracle
