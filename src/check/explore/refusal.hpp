// Whether a kernel accepts what --require names.
#pragma once

#include <string>
#include <vector>

#include "check/explore/prober.hpp"
#include "check/region/region.hpp"
#include "check/region/requirement.hpp"

namespace attest::check {

/// An outline with all requirements that otherwise equals one that the kernel accepts.
Outline with_requirements(Outline outline, const std::vector<Requirement>& requirements);

/// A declined requirement, and the outline that shows it.
struct Refusal {
  std::string what;  ///< "f16", "f16, causal and head-dim:128 together"
  Outline outline;
};

/// Tests each requirement alone, starting from the plainest accepted problems until one is accepted, and then
/// all of them together. Empty if the kernel accepts them.
std::vector<Refusal> refusals(Region& region, Prober& prober, const std::vector<Requirement>& requirements);

}  // namespace attest::check
