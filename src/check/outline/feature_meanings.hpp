// What a feature is, in a sentence.
#pragma once

#include <string_view>

#include "check/outline/features.hpp"

namespace attest::check {

/// One clause without a final period; it says more than the feature's name.
std::string_view meaning_of(Feature feature);

}  // namespace attest::check
