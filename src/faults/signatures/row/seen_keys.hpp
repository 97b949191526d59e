// Faults of which keys a row sees.
#pragma once

#include <optional>

#include "faults/signatures/row/row_place.hpp"

namespace attest::faults {

/// Causality off by some keys, or dropped: none where the row sees the same keys, or for another fault.
std::optional<FaultyRow> with_other_causality(const RowPlace& at, KernelFault fault);
std::optional<FaultyRow> without_key(const RowPlace& at, std::int64_t j);

/// Keys that exist and are not seen, with this score.
std::optional<FaultyRow> with_hidden_keys(const RowPlace& at, double score);
/// So many keys that do not exist, with score and value 0.
std::optional<FaultyRow> with_zero_keys(const RowPlace& at, std::int64_t count);

/// Splits of the faulty kernels that merge some; none: there is one.
struct SplitsSeen {
  std::int64_t empty = 0;    ///< have no visible key
  bool first_empty = false;  ///< the first is one of them
};
SplitsSeen splits_seen(const RowPlace& at);

/// Values that the row does not see meet a weight of 0: those past the last key, to the end of its tile; and,
/// where `left`, those left of the window.
std::optional<FaultyRow> with_hidden_values(const RowPlace& at, bool left);

}  // namespace attest::faults
