#include "kernel/memory/element_intervals.hpp"

#include <algorithm>

namespace attest::kernel {
namespace {

// Offsets, in elements, at which the elements of these axes begin.
void add_axis(std::int64_t extent, std::int64_t stride, std::vector<std::int64_t>& offsets) {
  if (extent == 1 || stride == 0) return;
  std::vector<std::int64_t> all;
  all.reserve(offsets.size() * static_cast<std::size_t>(extent));
  for (std::int64_t i = 0; i < extent; ++i) {
    for (const std::int64_t at : offsets) all.push_back(at + i * stride);
  }
  offsets = std::move(all);
}

// The number of elements in a row that are packed along some axis, which is then no longer walked.
std::int64_t packed_elements(const TensorDescription& t, std::size_t& packed_axis) {
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(t.rank); ++axis) {
    if (t.strides[axis] != 1 || t.shape[axis] == 1) continue;
    packed_axis = axis;
    return t.shape[axis];
  }
  return 1;
}

}  // namespace

Intervals near_elements(const TensorDescription& t, std::uint64_t offset, std::uint64_t margin,
                        std::uint64_t capacity) {
  if (t.bytes == 0) return {};
  const auto rank = static_cast<std::size_t>(t.rank);
  const std::uint64_t size = t.dtype.bits / 8U;
  std::size_t packed_axis = rank;
  const std::uint64_t run = static_cast<std::uint64_t>(packed_elements(t, packed_axis)) * size;
  std::vector<std::int64_t> offsets{0};
  for (std::size_t axis = 0; axis < rank; ++axis) {
    if (axis != packed_axis) add_axis(t.shape[axis], t.strides[axis], offsets);
  }
  std::sort(offsets.begin(), offsets.end());
  Intervals intervals;
  for (const std::int64_t at : offsets) {
    const std::uint64_t first = offset + static_cast<std::uint64_t>(at) * size;
    const Interval next{first - std::min(first, margin), std::min(capacity, first + run + margin)};
    if (!intervals.empty() && next.begin <= intervals.back().end) {
      intervals.back().end = std::max(intervals.back().end, next.end);
    } else {
      intervals.push_back(next);
    }
  }
  return intervals;
}

}  // namespace attest::kernel
