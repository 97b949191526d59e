// Plain problems, in the order in which exploration tries them.
#pragma once

#include <vector>

#include "check/outline/outline.hpp"

namespace attest::check {

/// All problems of usual extents (lengths 16 to 256, head dims 16 to 576), dtypes, causal kinds, groups and
/// lengths, with at most `most_unusual` unusual choices, most usual first. If dtypes are given, only with
/// these.
std::vector<Outline> ladder(int most_unusual, const DTypePair* only = nullptr);

}  // namespace attest::check
