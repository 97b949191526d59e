// What weighs the elements of a row in the matched filter: how far rounding takes a healthy kernel there.
#pragma once

#include <vector>

#include "oracle/contract/contract.hpp"
#include "oracle/definition/row.hpp"
#include "problem/dtype.hpp"

namespace attest {

struct RowVariance {
  std::vector<double> out;  ///< [v_dim], above 0
  double lse = 0;           ///< above 0
};

/// From the noise model; where that does not speak (truncation), from the certified bound. `row` sees a key
/// and is finite.
RowVariance row_variance(const ContractSet& contract, const Row& row, DType out, DType lse);

}  // namespace attest
