// Problems that tell faults apart which one problem does not.
#pragma once

#include <vector>

#include "problem/problem.hpp"

namespace attest {

/// The same problem with other numbers: keys negated, queries larger or smaller, values that are all
/// different. Whether a score underflows, overflows or loses its last bits then differs from what it was,
/// while everything that decides whether a kernel takes the problem is the same. Only finite ones.
std::vector<Problem> contrasts_of(const Problem& problem);

}  // namespace attest
