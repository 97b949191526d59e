// Faults of the tile loop's state, written as attention with moved scores and scaled values.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "faults/signatures/row/faulty_row.hpp"
#include "faults/signatures/row/key_row.hpp"

namespace attest::faults {

/// The split that a tile belongs to, of `splits` runs of consecutive tiles.
std::int64_t split_of(std::int64_t tile, std::int64_t tiles, std::int64_t splits);

/// For the faults of rescale, division, merge and exponential; none for any other, and where nothing changes.
/// `scores`: of the row. `keys` is the number of keys that exist.
std::optional<FaultyRow> with_tile_weights(KeyRow row, const std::vector<long double>& scores,
                                           const Hypothesis& hypothesis, std::int64_t keys);

}  // namespace attest::faults
