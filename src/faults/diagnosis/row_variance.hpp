// The weights of the elements of a row in the matched filter: the variance of a correct kernel's rounding.
#pragma once

#include <vector>

#include "oracle/contract/contract.hpp"
#include "oracle/definition/row.hpp"
#include "problem/dtype.hpp"

namespace attest::faults {

struct RowVariance {
  std::vector<double> out;  ///< [v_dim], above 0
  double lse = 0;           ///< above 0
};

/// From the noise model. Precondition: the row sees a key and is finite.
RowVariance row_variance(const oracle::ContractSet& contract, const oracle::Row& row, DType out, DType lse);

}  // namespace attest::faults
