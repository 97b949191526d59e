// Faults that are a correct kernel on other inputs: wrong tensors, wrong parameters.
#pragma once

#include <optional>

#include "faults/hypothesis.hpp"
#include "problem/problem.hpp"

namespace attest::faults {

/// The problem that a kernel with this fault answers instead of the given one; none where the fault changes
/// something else, or nothing of this problem. Keys and values may become f64, key/value heads one a query
/// head.
std::optional<Problem> faulty_problem(const Problem& problem, const Hypothesis& hypothesis);

/// How far the scale of faulty_problem is from the one that it stands for, relatively: it is a double.
double scale_error(const Problem& problem, const Hypothesis& hypothesis);

}  // namespace attest::faults
