// A part of the table of rules.
#pragma once

#include <vector>

#include "check/peers/rules.hpp"

namespace attest::check {

std::vector<PeerRule> inference_rules();

}  // namespace attest::check
