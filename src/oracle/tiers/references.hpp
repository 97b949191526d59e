// The references of one row, a tier each: what they compute exactly, and to what radius.
#pragma once

#include <optional>

#include "oracle/definition/row.hpp"
#include "oracle/facts.hpp"

namespace attest::oracle {

/// Tier 1: plain f64 loops with an a-priori and a-posteriori radius (reference_f64.cpp derives it).
RowFacts reference_f64(const Row& row);

/// All but out and lse, from the same loops: sharp enough for every tier, as a contract's own score errors
/// are at least theirs.
RowFacts facts_of_keys(const Row& row);

/// Tier 2: pairs of f64 (docs/bound-derivation.md 14). None where the conditions of its error-free transforms
/// fail.
std::optional<RowFacts> reference_double_double(const Row& row);

/// The same key by key, each with an error of its own: for rows of huge scores or tiny results, which the
/// norms of reference_double_double say too little of.
std::optional<RowFacts> reference_by_keys(const Row& row);

/// Tier 3: an enclosure by construction, at `bits` bits of MPFI precision.
RowFacts reference_interval(const Row& row, unsigned bits);

}  // namespace attest::oracle
