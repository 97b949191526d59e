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

/// What an output is judged by.
struct ChannelStandard {
  Known exact;
  double bound = 0;      ///< around the exact result; its radius is not included
  double hull = 0;       ///< beyond the visible values
  ValueRange values;     ///< the visible ones
  bool in_range = true;  ///< no correct kernel returns anything but a number

  /// The smaller of the bound and of what the hull leaves on either side of the exact result.
  double smallest_bound() const;
  /// How far from the exact result an output may lie in the direction of `got`; radius included.
  double reach(double got) const;
};

struct Certificate {
  RowFacts facts;
  RowBound bound;                  ///< the largest of the alternatives
  std::vector<ValueRange> ranges;  ///< [v_dim] of the visible values

  ChannelStandard out(std::size_t channel) const;
  double lse_bound() const { return std::min(bound.lse, bound.lse_hull); }
};

/// `row` has a visible key or a sink, and is finite.
Certificate certify(const Problem& problem, const ContractSet& contract, const Row& row);

/// [v_dim] A bound that nearly everything satisfies proves nothing: it must be below this, which is small
/// beside the spread of the visible values, or beside their size where they hardly differ.
std::vector<double> informative_limits(const Row& row);
double informative_limit(const ValueRange& values);

}  // namespace attest::oracle
