// The constants of the error bound for one row under one contract.
#pragma once

#include <cmath>
#include <vector>

#include "oracle/contract.hpp"
#include "oracle/facts.hpp"
#include "oracle/row.hpp"

namespace attest {

/// (1 + u)^h - 1: the largest relative error of h roundings.
inline double growth_of(double u, double h) { return std::expm1(h * std::log1p(u)); }

/// (1 + x)(1 + y) - 1 without the cancellation that loses errors of one unit roundoff of f64.
inline double compound(double x, double y) { return x + y + x * y; }

/// Absolute error of one operation (multiply, divide, cast) whose result underflows.
double underflow_error(const Format& format, Rounding rounding, Underflow underflow);

/// Names as in docs/bound-derivation.md; every value is nonnegative and from above.
struct BoundTerms {
  const Contract& c;
  const RowFacts& facts;
  double n = 0, span = 0, tiles = 0, rescales = 0;  // n, keys that exist, T, R
  double u_n = 0, u_d = 0, u_p = 0;                 // numerator, denominator, P
  double lambda = 0, lambda_e = 0, lambda_p = 0;
  double mu = 0, nu = 0, h_n = 0, h_div = 0;
  double tau = 0, kappa = 0, abar = 0;
  double lambda_partial = 0, u_partial = 0;  // store of split results
  std::vector<double> alpha{};               // score error, nats
  std::vector<double> common{};              // A_j
  double gamma = 0;                          // Gamma e^(abar + kappa) / S
  double mass = 0;                           // sum p_j (1 + A_j)
  double combine = 0;                        // error of the total in a merge by lse
  double denominator_underflow = 0;          // U_D
  double denominator_error = 0;              // sum p_j D_j + U_D
  bool scores_in_range = true;
  bool denominator_in_range = true;  // no correct kernel's l, P or stored partial l overflows
};

/// No computed exponential, rescaled or not, exceeds this.
double largest_weight(const BoundTerms& terms);

/// No computed denominator exceeds this times 1 + nu, no numerator this times max|v| (1 + mu).
double largest_sum(const BoundTerms& terms);

/// Roundings of the maximum on its way into lse: times a constant, or rounded apart from the shifts.
inline double shift_roundings(const Contract& c) { return c.folded_log2e ? 2 : c.rounded_shift ? 1 : 0; }

/// `row`, `facts` and `contract` must outlive the result.
BoundTerms bound_terms(const Contract& contract, const Row& row, const RowFacts& facts);

}  // namespace attest
