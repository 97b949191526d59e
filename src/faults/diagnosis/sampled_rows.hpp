// Rows of the evidence, each with the correct result and the variance of rounding.
#pragma once

#include <cstdint>
#include <vector>

#include "faults/diagnosis/diagnose.hpp"
#include "faults/diagnosis/row_variance.hpp"
#include "faults/signatures/prediction.hpp"

namespace attest::faults {

struct SampledRow {
  std::int64_t b = 0, h = 0, i = 0;
  RowPrediction correct;
  RowVariance variance;
  double misfit = 0;  ///< of a kernel without a fault, at least
};

/// Rows of one problem: all rows of a small problem; of a large one, up to half of them wrong rows, the
/// others evenly spaced.
std::vector<SampledRow> sampled_rows(const Evidence& evidence, const oracle::ContractSet& contract);

}  // namespace attest::faults
