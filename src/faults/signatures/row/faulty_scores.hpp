// Faults of scores, of what they are relative to, and of the sink.
#pragma once

#include <optional>

#include "faults/signatures/row/row_place.hpp"

namespace attest::faults {

/// The maximum begins at `initial`: weights relative to it may vanish.
std::optional<FaultyRow> with_initial_maximum(const RowPlace& at, double initial);
std::optional<FaultyRow> with_no_scores(const RowPlace& at);
/// q.k in f16, before the scale.
std::optional<FaultyRow> with_rounded_products(const RowPlace& at);
std::optional<FaultyRow> with_softcap_after_bias(const RowPlace& at);

/// The sink's score times this.
std::optional<FaultyRow> with_scaled_sink(const RowPlace& at, long double factor);
/// The sink counts twice where the first split is empty, and not at all where no key is seen.
std::optional<FaultyRow> with_sink_of_empty_split(const RowPlace& at);

}  // namespace attest::faults
