// Adds the optional features to a problem, each with values that can reveal bugs.
#pragma once

#include "check/outline/gen_context.hpp"
#include "check/outline/limits.hpp"

namespace attest::check {

/// Sets scale, causality, windows, softcap, bias, mask, slopes, sinks and lengths as `wanted` says.
/// Precondition: q, k and v have their shapes. Terms added to a score stay below a quarter of limits.score,
/// except biases that hide their key: those are at most hiding_bias_limit in size, and no row sees only such
/// keys, unless context.uncertified_biases.
void add_features(Draw& draw, const GenContext& context, const FeatureSet& wanted, const Limits& limits,
                  Problem& problem);

/// Sets biases that hide their key to 0 if some row sees only such keys, because scores that are all so large
/// test little. The generator draws no such row, but layouts in which one value stands for several can create
/// one.
void drop_hiding_biases(Problem& problem);

}  // namespace attest::check
