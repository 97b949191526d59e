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

/// Of exact attention on the row. Radii are those of f64. NaN or infinity in a value predicts NaN in its
/// channel; in q or k, in the whole row.
RowPrediction prediction_of(const oracle::Row& row);
RowPrediction prediction_of(const FaultyRow& row);

/// A row whose values that are NaN or infinite are replaced by 0.
struct FiniteValues {
  oracle::Row row;
  std::vector<bool> lost;  ///< [v_dim]: the channel had such a value
};
/// None if q or k are not finite.
std::optional<FiniteValues> with_finite_values(const oracle::Row& row);

/// `changed` is what faulty_problem makes of the rows' problem. None where the fault changes nothing in this
/// row.
std::optional<FaultyRow> row_under(SeenRows& rows, const std::optional<Problem>& changed,
                                   const Hypothesis& hypothesis, std::int64_t b, std::int64_t h,
                                   std::int64_t i);

}  // namespace attest::faults
