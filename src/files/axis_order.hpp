// In which order a file holds the axes of q, k, v and out.
#pragma once

#include <cstdint>
#include <string>

#include "problem/tensor.hpp"

namespace attest::files {

enum class AxisOrder : std::uint8_t {
  bhtd,  ///< [batch, heads, length, dim], as in include/attest/kernel.h
  bthd,  ///< [batch, length, heads, dim]
};

/// "bhtd" or "bthd". Throws FileFormatError for another text.
AxisOrder axis_order_from(const std::string& text);
std::string name_of(AxisOrder order);

/// A tensor as a file holds it in the other order: [batch, heads, length, dim] from one in `order`, and the
/// reverse. No element moves. Of a tensor without four axes, the tensor.
Tensor reordered(const Tensor& tensor, AxisOrder order);

}  // namespace attest::files
