// What a feature is, in a sentence.
#pragma once

#include <string_view>

#include "check/outline/features.hpp"

namespace attest::check {

/// One clause without a final period; it says more than the feature's name. An optional input without a
/// clause of its own has that of meaning_of_input.
std::string_view meaning_of(Feature feature);

/// "the tensor sink [q_heads] of the ABI (include/attest/kernel.h)".
std::string_view meaning_of_input(const Input& input);

}  // namespace attest::check
