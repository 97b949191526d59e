// Finds out why a kernel declines a problem.
#pragma once

#include "check/explore/prober.hpp"
#include "check/region/region.hpp"

namespace attest::check {

/// Finds the smallest difference from problems that the kernel accepts, and records it as declined. Makes at
/// most `most_calls` further calls. Returns false if the kernel accepts the outline with plain numbers, or if
/// a region cannot express the cause.
bool learn_from(Region& region, Prober& prober, const Outline& declined, int most_calls = 40);

}  // namespace attest::check
