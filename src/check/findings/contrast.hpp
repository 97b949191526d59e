// Problems that distinguish faults which a single problem does not.
#pragma once

#include <optional>
#include <vector>

#include "problem/problem.hpp"

namespace attest::check {

/// The same problem with other numbers: keys negated, queries larger or smaller, values all different. Scores
/// then underflow, overflow or lose their last bits in other places, while everything that decides acceptance
/// stays the same. Returns only finite problems.
std::vector<Problem> contrasts_of(const Problem& problem);

/// The problem with 256 more queries and 256 more keys, so that every usual tile has more than one: faults in
/// some tiles differ from faults in all. None with a bias or mask, or if it is large.
std::optional<Problem> longer_copy(const Problem& problem);

}  // namespace attest::check
