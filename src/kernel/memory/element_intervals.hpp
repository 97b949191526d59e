// What lies near the elements of a tensor whose memory is mostly untouched.
#pragma once

#include <cstdint>
#include <vector>

#include "kernel/memory/forward_description.hpp"

namespace attest::kernel {

/// Bytes [begin, end) of a slot.
struct Interval {
  std::uint64_t begin = 0, end = 0;
};
using Intervals = std::vector<Interval>;

/// The bytes of a slot that are elements of a tensor placed at `offset`, or within `margin` of one:
/// ascending, apart from one another, and inside the slot.
Intervals near_elements(const TensorDescription& tensor, std::uint64_t offset, std::uint64_t margin,
                        std::uint64_t capacity);

}  // namespace attest::kernel
