// Problems that distinguish faults which a single problem does not.
#pragma once

#include <vector>

#include "problem/problem.hpp"

namespace attest::check {

/// The same problem with other numbers: keys negated, queries larger or smaller, values all different. Scores
/// then underflow, overflow or lose their last bits in other places, while everything that decides acceptance
/// stays the same. Returns only finite problems.
std::vector<Problem> contrasts_of(const Problem& problem);

}  // namespace attest::check
