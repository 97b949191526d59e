// The certificate of one row by the row path: the reference, sharpened until it is sharp enough, and the
// bound.
#pragma once

#include <vector>

#include "oracle/bound.hpp"
#include "oracle/contract.hpp"
#include "oracle/facts.hpp"
#include "oracle/row.hpp"

namespace attest {

struct Certificate {
  RowFacts facts;
  RowBound bound;  ///< the largest of the alternatives
};

/// `row` has a visible key or a sink, and is finite.
Certificate certify(const Problem& problem, const ContractSet& contract, const Row& row);

/// [v_dim] A bound that nearly everything satisfies proves nothing: it must be below this, which is small
/// beside the spread of the visible values, or beside their size where they hardly differ.
std::vector<double> informative_limits(const Row& row);

}  // namespace attest
