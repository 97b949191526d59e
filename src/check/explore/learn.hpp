// Learns from a problem that a kernel declines what of it was the cause.
#pragma once

#include "check/explore/prober.hpp"
#include "check/region/region.hpp"

namespace attest {

/// Looks for the least difference from problems that the kernel takes, and convicts it. At most `most_calls`
/// further calls. False when the kernel takes the outline with plain numbers, or when the cause is nothing
/// that a region can say.
bool learn_from(Region& region, Prober& prober, const Outline& declined, int most_calls = 40);

}  // namespace attest
