// Plain problems, in the order in which a first one that a kernel takes is looked for.
#pragma once

#include <vector>

#include "check/outline/outline.hpp"

namespace attest {

/// Every problem of usual extents (lengths 16 to 256, head dims 16 to 576), dtypes, causal kinds, groups and
/// lengths, with at most `most_unusual` choices that few kernels insist on; the most usual first. With
/// dtypes, only of these.
std::vector<Outline> ladder(int most_unusual, const DTypePair* only = nullptr);

}  // namespace attest
