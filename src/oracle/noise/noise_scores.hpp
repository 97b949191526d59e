// The noise of a row's scores: what each key's own roundings cause, and what all keys share.
#pragma once

#include <cstddef>
#include <vector>

#include "oracle/contract/contract.hpp"
#include "oracle/contract/stages.hpp"
#include "oracle/definition/row.hpp"

namespace attest::oracle {

/// What q.k of one key is made of.
struct Dot {
  double sum = 0, squares = 0, key_squares = 0;
};

Dot dot_of(const Row& row, std::size_t key);

/// Of one key, in nats. Variances are proxies: squares of ranges.
struct ScoreNoise {
  double score = 0;
  double of_dot = 0;     ///< variance of what q.k causes, alike for equal keys
  double of_rest = 0;    ///< variance of what is added to it, and of stores
  double one_sided = 0;  ///< what may have the same sign in all keys: softcap's tanh, truncation
  double slope = 1;      ///< of the score as a function of q.k: below 1 under softcap
};

ScoreNoise score_noise(const Contract& contract, const Stages& stages, const Row& row, std::size_t key,
                       const Dot& dot);

/// Stages of a row's scores.
Stages stages_of(const Contract& contract, const Row& row);

/// The variance of sum_j weight_j (error of score j) from what all keys share: q's conversion, its product
/// with the scale, a rounded slope, a rounded log2(e). `scores` holds each key's noise, `weights` one number
/// for each key.
double shared_score_variance(const Contract& contract, const Stages& stages, const Row& row,
                             const std::vector<ScoreNoise>& scores, const std::vector<double>& weights);

/// Whether errors of the sum's operations have the sign of what they cut.
inline bool truncates(const Sum& sum) {
  return sum.order == Order::block_fma || sum.rounding != Rounding::nearest_even;
}

/// Merges that the result of a split passes.
inline double merges_of_a_key(const Contract& c) {
  if (c.splits <= 1) return 0;
  return c.merge == Merge::chain ? c.splits - 1 : 1;
}

/// Error of storing x: relative in the normal range, absolute below; no larger than x.
double store_error_of(const Format& format, double x, Rounding rounding = Rounding::nearest_even);

}  // namespace attest::oracle
