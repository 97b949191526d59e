// Whether a kernel takes what a user requires of it.
#pragma once

#include <string>
#include <vector>

#include "check/explore/prober.hpp"
#include "check/region/region.hpp"
#include "check/region/requirement.hpp"

namespace attest {

/// A problem with all of them, next to one that the kernel takes; none of its other choices differ.
Outline with_requirements(Outline outline, const std::vector<Requirement>& requirements);

/// What is declined, and the problem that shows it.
struct Refusal {
  std::string what;  ///< "f16", "f16, causal and head-dim:128 together"
  Outline outline;
};

/// Asks for each alone, next to each of the plainest problems that the kernel takes until one is taken, and
/// for all of them together. Empty when the kernel takes them.
std::vector<Refusal> refusals(Region& region, Prober& prober, const std::vector<Requirement>& requirements);

}  // namespace attest
