// Faults that read other queries, keys or values than the problem's.
#pragma once

#include <optional>

#include "faults/hypothesis.hpp"
#include "problem/problem.hpp"

namespace attest::faults {

/// As faulty_problem(), for these faults; none for any other.
std::optional<Problem> with_faulty_vectors(const Problem& problem, const Hypothesis& hypothesis);

}  // namespace attest::faults
