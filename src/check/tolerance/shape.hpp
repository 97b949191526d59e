// The shape of a tolerance query as people write it: "b1 h8/2 q128 k1024 d64/32".
#pragma once

#include <string_view>

#include "check/tolerance/tolerance.hpp"

namespace attest::check {

/// Sets the extents that the text names: b batch, h heads (query/key-value), q and k lengths, d head dims
/// (qk/v). Throws std::invalid_argument, with a message for the user of --shape, for anything else, for heads
/// that do not divide, and for more than 2^28 elements.
void read_shape(std::string_view shape, ToleranceQuery& query);

}  // namespace attest::check
