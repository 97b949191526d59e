// What a compressed cache stores together: up to 32 channels of a row.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "problem/tensor.hpp"

namespace attest {

inline constexpr std::size_t kKvBlock = 32;

/// Calls each(first element, elements) for each block, until it returns false.
template <class Each>
bool for_each_kv_block(const Tensor& tensor, const Each& each) {
  const auto channels = static_cast<std::size_t>(tensor.shape().back());
  const auto count = static_cast<std::size_t>(tensor.count());
  for (std::size_t at = 0; at < count;) {
    const std::size_t size = std::min(kKvBlock, channels - at % channels);
    if (!each(at, size)) return false;
    at += size;
  }
  return true;
}

/// The element of largest magnitude, the first of several.
inline double largest_magnitude(std::span<const double> block) {
  double largest = 0;
  for (const double x : block) {
    if (std::fabs(x) > std::fabs(largest)) largest = x;
  }
  return largest;
}

}  // namespace attest
