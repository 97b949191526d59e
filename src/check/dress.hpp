// The optional parts of a problem, each at a value that matters.
#pragma once

#include "check/gen_context.hpp"

namespace attest {

/// Sets scale, causality, windows, softcap, bias, mask, slopes, sinks and lengths as `wanted` says. q, k and
/// v have their shapes. What is added to a score stays below a quarter of `score_limit`.
void dress(Draw& draw, const FeatureSet& wanted, double score_limit, Problem& problem);

}  // namespace attest
