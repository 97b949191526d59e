// The steps of the shrinker, by what they simplify.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "problem/problem.hpp"

namespace attest::check {

class Region;

/// A simpler problem, or none when the step changes nothing.
using ShrinkStep = std::function<std::optional<Problem>(const Problem&)>;
using ShrinkSteps = std::vector<ShrinkStep>;

/// Bottom-right to top-left, which is easier to think about. Tried before the shape shrinks, while lengths
/// are still such that a fault of both shows in both.
void add_causal_kind_step(ShrinkSteps& steps);
/// An extent of 0 becomes 1, of which people think first: what fails on nothing often fails on anything.
void add_empty_steps(const Problem& problem, ShrinkSteps& steps);
/// Every optional feature dropped at once.
void add_plain_step(ShrinkSteps& steps);
/// With a region, the extents that it has come first; null: any extents.
void add_shape_steps(const Problem& problem, const Region* region, ShrinkSteps& steps);
void add_feature_steps(const Problem& problem, ShrinkSteps& steps);
void add_value_steps(const Problem& problem, ShrinkSteps& steps);

}  // namespace attest::check
