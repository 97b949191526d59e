// Rows of the evidence, each with what a correct kernel returns there and how much rounding blurs it.
#pragma once

#include <cstdint>
#include <vector>

#include "faults/diagnosis/diagnose.hpp"
#include "faults/diagnosis/row_variance.hpp"
#include "faults/signatures/prediction.hpp"

namespace attest {

struct Witness {
  std::int64_t b = 0, h = 0, i = 0;
  RowPrediction correct;
  RowVariance variance;
};

/// Rows of one problem: all of a small one; of a large one half of them rows that are wrong, if so many are,
/// the others evenly spaced.
std::vector<Witness> witnesses_of(const Evidence& evidence, const ContractSet& contract);

}  // namespace attest
