// Faults that are in the last bits of an exponent, and in what a reference may be: their signatures repeat a
// kernel's own arithmetic.
#pragma once

#include <optional>

#include "faults/signatures/row/row_place.hpp"

namespace attest::faults {

/// exp2(fma(s, c, -round(m c))): the maximum's own exponent is not 0 but what the rounding left. It changes
/// nothing until it overflows or underflows.
std::optional<FaultyRow> with_rounded_maximum(const RowPlace& at);

/// Each key rescales by exp(fma(m, scale, -round(m' scale))), which is not 1 where m = m'.
std::optional<FaultyRow> with_contracted_rescale(const RowPlace& at);

/// A row tile in which one row's rise gives every row the maximum of the key tile for a reference.
std::optional<FaultyRow> with_shared_references(const RowPlace& at);

}  // namespace attest::faults
