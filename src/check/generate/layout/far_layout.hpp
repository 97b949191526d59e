// Layouts whose offsets do not fit into 31 or 32 bits.
#pragma once

#include "check/outline/gen_context.hpp"
#include "numerics/draw.hpp"
#include "problem/problem.hpp"

namespace attest::check {

/// Spreads one of q, k, v, bias, mask and out along one axis, so that its last element lies 2^31 or 2^32
/// elements past the first (2^31 in types of 8 bytes) or a little further, and some hundred pages are
/// touched. The target narrows the choice. Nothing where no tensor has two elements, or all are too large.
void reach_far(Draw& draw, FarTarget target, Problem& problem);

}  // namespace attest::check
