// The contract's error constants for a group of rows, from norms: docs/bound-derivation.md 13, "The bound,
// from norms".
#pragma once

#include <optional>
#include <vector>

#include "oracle/blocked/head.hpp"
#include "oracle/blocked/score_terms.hpp"
#include "oracle/bound/bound.hpp"
#include "oracle/contract/contract.hpp"
#include "oracle/definition/head_terms.hpp"

namespace attest::oracle::blocked {

/// The terms of a group's head, but |scale| for its scale, and the largest values over the rows.
struct GroupScope : HeadTerms {
  std::int64_t qk_dim = 0;
  double n_most = 0, n_least = 0;  ///< visible keys of a row that has any, the sink included
  double span = 0;                 ///< keys that exist
  double processed = 0;            ///< terms that a row's sums add up, at most
  bool biased = false, alibi = false;
  double query_norm = 0, query_sum = 0, query_max = 0;
  double bias_abs = 0, alibi_abs = 0, terms_above = 0, distance = 0;

  void add(const RowTerms& row);
};

/// ln(1 + A_j) <= constant + norm |q| |k_j| + score (M - s^_j) + magnitude |t^_j| + term (|b_j| + |slope
/// distance_j|). With softcap t is not known from the score, so that `norm` covers it.
struct Coefficients {
  double constant = 0, norm = 0, score = 0, magnitude = 0, term = 0;
};

struct Alternative {
  BoundTerms terms;  ///< at the group's largest values
  LastRoundings last;
  BoundTerms
      least_terms;  ///< not above those of any row of the group: the row path's bound is at least theirs
  LastRoundings least_last;
  /// At most alpha_j / |t_j| of any key under the row path. 0 where softcap, bias or ALiBi stand between the
  /// product and the score.
  double least_per_magnitude = 0;
};

struct Envelope {
  bool usable = false;       ///< false: the row path must decide these rows
  bool single_pass = false;  ///< no score exceeds 40, so the shift is 0
  double score_abs = 0;      ///< at least every |s_j|, sink included
  double score_error = 0;    ///< es
  double rho = 0;            ///< relative error of every computed weight
  double mu = 0;             ///< largest of the alternatives
  double sink_common = 0;    ///< at least the sink's A
  double curvature = 0;      ///< a_j = x_j + curvature x_j^2 >= expm1(x_j)
  double exponent_most = 0;  ///< at least every x_j
  double common_most = 0;    ///< at least every a_j
  Coefficients c;
  std::vector<Alternative> alternatives;
};

Envelope envelope_of(const ContractSet& contract, const GroupScope& group, const HeadFacts& head, DType out);

}  // namespace attest::oracle::blocked
