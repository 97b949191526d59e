// Whether two captures hold results of one problem.
#pragma once

#include <string>

#include "problem/problem.hpp"

namespace attest::check {

/// "k differs", "scale differs: 0.125 and 0.25"; empty where both are the same, whatever their layout. What
/// is asked of the kernel (lse, strides of outputs) does not count.
std::string why_other_problem(const Problem& a, const Problem& b);

}  // namespace attest::check
