// What the reference tiers know of one row: its exact result to a stated radius, and outward values of every
// quantity that the error bound is made of.
#pragma once

#include <vector>

#include "oracle/tier.hpp"

namespace attest::oracle {

/// Upper bounds on magnitudes of one key's score on its way, stage by stage. All are at least the exact
/// value.
struct KeyFacts {
  double dot_abs = 0;      ///< sum over the head dimension of |q_k k_jk|
  double key_abs = 0;      ///< sum of |k_jk|
  double product = 0;      ///< |q.k|
  double scaled = 0;       ///< |scale * q.k|
  double capped = 0;       ///< after softcap (= scaled without one)
  double bias = 0;         ///< |bias|
  double alibi = 0;        ///< |slope * distance|
  double running = 0;      ///< largest partial sum of capped, bias and -alibi, in any order
  double final = 0;        ///< |score|
  double gap = 0;          ///< s_max - s_j, at least the exact one, >= 0
  double probability = 0;  ///< p_j = exp(s_j) / sum exp(s)
  bool sink = false;
};

/// A value known to a radius: exact in [hi + lo - radius, hi + lo + radius].
struct Known {
  double hi = 0, lo = 0, radius = 0;
};

/// One row's exact result to a radius far below f64's.
struct SharpRow {
  bool usable = false;     ///< false: the conditions of docs/bound-derivation.md 14 fail; nothing else is set
  std::vector<Known> out;  ///< [v_dim]
  Known lse;
};

struct RowFacts {
  Tier tier = Tier::f64;
  std::vector<KeyFacts> keys;  ///< visible keys in order, then the sink where there is one
  double max_abs_score = 0;    ///< upper bound of |s_max|
  double sum_lower = 1;        ///< lower bound of S = sum exp(s_j - s_max), at least 1
  double log_sum_upper = 0;    ///< upper bound of ln S
  double sink_excess = 0;      ///< upper bound of max(0, sink - max over keys)
  std::vector<Known> out;      ///< [v_dim]
  Known lse;
};

}  // namespace attest::oracle
