// The problems that a suite draws.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "check/peers/rules.hpp"
#include "problem/problem.hpp"

namespace attest::check {

/// What the rule draws for one of its shapes: a pure function of rule, shape, type and seed. Every type has
/// the same numbers, rounded to it. Throws std::invalid_argument for a shape that says something else than
/// PeerRule::shapes may.
Problem peer_problem(const PeerRule& rule, std::string_view shape, DType dtype, std::uint64_t seed);

/// All outputs of the problem as unfused attention computes them in `type`, row-major.
std::vector<double> unfused_outputs(const Problem& problem, DType type);

}  // namespace attest::check
