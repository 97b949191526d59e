// A tensor's memory as a kernel has it: its elements, and what lies between them.
#pragma once

#include <array>
#include <cstdint>
#include <map>

#include "problem/tensor.hpp"

namespace attest::faults {

/// Reads at any offset, as a kernel does that takes a wrong one. The tensor must outlive it.
class TensorMemory {
 public:
  explicit TensorMemory(const Tensor& tensor);

  /// Elements from one index of the axis to the next; 0 where its extent is 1.
  std::int64_t stride(std::size_t axis) const { return strides_[axis]; }
  /// Elements from the first to the last, the gaps included.
  std::int64_t elements() const { return elements_; }

  /// The element that lies so many after the first, at least 0 and below elements(). In a gap that is
  /// kPoison, or 0 in pages that nobody writes.
  double at(std::int64_t offset) const;
  /// The element that a packed tensor of this shape would have there, counted modulo elements(); axes of
  /// extent 1 take any index.
  double as_packed(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t c) const;

 private:
  const Tensor& tensor_;
  std::array<std::int64_t, 4> strides_{};
  std::int64_t elements_ = 1;
  bool untouched_ = false;                ///< pages between elements are 0
  std::map<std::int64_t, double> known_;  ///< of a spread tensor: by offset
};

}  // namespace attest::faults
