// Faults of one row: what the faulty kernel computes there, written as exact attention on a changed row.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "faults/hypothesis.hpp"
#include "faults/signatures/row/row_rounding.hpp"
#include "oracle/definition/row.hpp"

namespace attest::faults {

/// What a fault makes of one row. Most faults are exact attention on another row: other keys, scores moved
/// by an addition, values times a factor.
struct FaultyRow {
  oracle::Row row;
  std::vector<double> out;    ///< [v_dim] where it is no attention on a row: the output itself; else empty
  std::optional<double> lse;  ///< likewise
  bool lse_known = true;
  RowRounding rounding{};  ///< of `row`
  /// False: what the kernel returns depends on its own last bits. The row is a guess, and says nothing for or
  /// against the fault.
  bool certain = true;
};

class SeenRows;

/// None where the fault changes nothing in this row. `rows` are of the problem, for which faulty_problem made
/// no other.
std::optional<FaultyRow> faulty_row(SeenRows& rows, const Hypothesis& hypothesis, std::int64_t b,
                                    std::int64_t h, std::int64_t i);

}  // namespace attest::faults
