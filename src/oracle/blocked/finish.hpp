// From the sums of one row to its reference, its radii and its bound: docs/bound-derivation.md 13.
#pragma once

#include <cmath>
#include <vector>

#include "oracle/blocked/envelope.hpp"
#include "oracle/blocked/kernels.hpp"
#include "oracle/blocked/value_sample.hpp"
#include "oracle/facts.hpp"

namespace attest::oracle::blocked {

struct CertifiedValue {
  Known known;
  double bound = 0;  ///< at least the row path's bound
  /// At most the row path's bound: what lies at most this far from the exact result is within under both.
  double least_bound = 0;
  /// The same for results in [low, high], which lies in the hull of the visible values; at least least_bound.
  double least_bound_inside = 0;
  double low = HUGE_VAL, high = -HUGE_VAL;
};

struct CertifiedRow {
  Tier tier = Tier::f64;            ///< whose reference `known` is
  bool usable = false;              ///< false: only the row path can decide; nothing else is set
  std::vector<CertifiedValue> out;  ///< [v_dim]; all in range and informative
  CertifiedValue lse;
};

struct RowTotals {
  RowTally tally;
  const double* numerator = nullptr;  ///< [channels] N'
  const float* spread = nullptr;      ///< [channels] B in units of HeadFacts::unit
  double shift = 0;                   ///< m
  double rest = 0;                    ///< at least x_j - C3 |s^_j| of every key
};

/// `sharp` is the same row's result from a sharper tier, or null; `sample` is of the same row; `envelope` is
/// scratch beyond its group-wide values; `row` keeps its storage between calls.
void finish_row(Envelope& envelope, const GroupScope& group, const HeadFacts& head, const RowTotals& totals,
                const SharpRow* sharp, ValueSample& sample, DType lse, std::size_t v_dim, CertifiedRow& row);

}  // namespace attest::oracle::blocked
