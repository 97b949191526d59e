// What a correct kernel, or one with a given fault, returns in one row, in exact arithmetic.
#pragma once

#include <optional>
#include <vector>

#include "faults/signatures/row/faulty_row.hpp"
#include "oracle/facts.hpp"

namespace attest::faults {

/// NaN and infinities are in `hi`, with lo 0.
struct RowPrediction {
  std::vector<oracle::Known> out;  ///< [v_dim]
  oracle::Known lse;
  bool lse_known = true;
  bool certain = true;  ///< see FaultyRow
};

/// Of exact attention on the row. Radii are those of f64; a row that is not finite predicts NaN.
RowPrediction prediction_of(const oracle::Row& row);
RowPrediction prediction_of(const FaultyRow& row);

/// `changed` is faulty_problem(problem, hypothesis). None where the fault changes nothing in this row.
std::optional<FaultyRow> row_under(const Problem& problem, const std::optional<Problem>& changed,
                                   const Hypothesis& hypothesis, std::int64_t b, std::int64_t h,
                                   std::int64_t i);

}  // namespace attest::faults
