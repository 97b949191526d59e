// Sums in 16-bit formats: no attention on any row, so its result is computed step by step.
#pragma once

#include <optional>
#include <vector>

#include "faults/signatures/row/faulty_row.hpp"
#include "faults/signatures/row/key_row.hpp"

namespace attest::faults {

/// Numerator and denominator accumulated in f16 or bf16, one key after another, tile by tile. `scores`: of
/// the row.
std::optional<FaultyRow> with_narrow_sums(const KeyRow& row, const std::vector<long double>& scores,
                                          const Hypothesis& hypothesis);

}  // namespace attest::faults
