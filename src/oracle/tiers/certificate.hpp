// The certificate of one row by the row path: the reference, sharpened until it is sharp enough, and the
// bound.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "oracle/bound/bound.hpp"
#include "oracle/bound/hull.hpp"
#include "oracle/contract/contract.hpp"
#include "oracle/definition/row.hpp"
#include "oracle/facts.hpp"

namespace attest::oracle {

struct Certificate {
  RowFacts facts;
  RowBound bound;                  ///< the largest of the alternatives
  std::vector<ValueRange> ranges;  ///< [v_dim] of the visible values

  /// No correct kernel returns anything but a number.
  bool out_in_range(std::size_t channel) const {
    return bound.scores_in_range && (bound.in_range[channel] || bound.hull[channel] < HUGE_VAL);
  }
  /// The smaller of the bound and of what the hull leaves on either side of the exact result.
  double out_bound(std::size_t channel) const;
  /// How far from facts.out[channel] an output may lie in the direction of `got`; radius included.
  double out_reach(std::size_t channel, double got) const;
  double lse_bound() const { return std::min(bound.lse, bound.lse_hull); }
};

/// `row` has a visible key or a sink, and is finite.
Certificate certify(const Problem& problem, const ContractSet& contract, const Row& row);

/// [v_dim] A bound that nearly everything satisfies proves nothing: it must be below this, which is small
/// beside the spread of the visible values, or beside their size where they hardly differ.
std::vector<double> informative_limits(const Row& row);
double informative_limit(const ValueRange& values);

}  // namespace attest::oracle
