// Sums in 16-bit formats: no attention on any row, so its result is computed step by step.
#pragma once

#include <optional>

#include "faults/signatures/row/faulty_row.hpp"
#include "faults/signatures/row/key_row.hpp"

namespace attest::faults {

/// Numerator and denominator accumulated in f16 or bf16, one key after another, tile by tile.
std::optional<FaultyRow> with_narrow_sums(KeyRow row, const Hypothesis& hypothesis);

}  // namespace attest::faults
