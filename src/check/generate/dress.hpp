// The optional parts of a problem, each at a value that matters.
#pragma once

#include "check/outline/gen_context.hpp"
#include "check/outline/limits.hpp"

namespace attest {

/// Sets scale, causality, windows, softcap, bias, mask, slopes, sinks and lengths as `wanted` says. q, k and
/// v have their shapes. What is added to a score stays below a quarter of limits.score, but for biases that
/// hide their key: those are at most limits.bias in size (with slopes, limits.sloped_bias), and no row sees
/// them alone, unless context.uncertified_biases.
void dress(Draw& draw, const GenContext& context, const FeatureSet& wanted, const Limits& limits,
           Problem& problem);

/// Makes the biases that hide their key 0 where some row sees such keys only: scores that are all so large
/// say little. dress draws no such row; layouts in which one value stands for several can make one.
void drop_hiding_biases(Problem& problem);

}  // namespace attest
