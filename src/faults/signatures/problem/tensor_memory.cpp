#include "faults/signatures/problem/tensor_memory.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include "problem/poison.hpp"

namespace attest::faults {
namespace {

using Index = std::int64_t;

double poison_of(DType dtype) {
  std::array<std::byte, 8> bytes{};
  bytes.fill(kPoison);
  return decode(dtype, bytes.data());
}

}  // namespace

TensorMemory::TensorMemory(const Tensor& tensor) : tensor_(tensor) {
  Index stored = 1;
  for (std::size_t axis = 0; axis < 4; ++axis) {
    strides_[axis] = tensor.dim(axis) == 1 ? 0 : tensor.memory_strides()[axis];
    elements_ += (tensor.dim(axis) - 1) * strides_[axis];
    if (strides_[axis] != 0) stored *= tensor.dim(axis);
  }
  if (tensor.count() == 0) elements_ = 0;
  if (!tensor.spread() || elements_ == 0) return;
  const auto size = static_cast<std::uint64_t>(size_of(tensor.dtype()));
  untouched_ = leaves_pages_untouched(static_cast<std::uint64_t>(elements_) * size,
                                      static_cast<std::uint64_t>(stored) * size);
  for (Index b = 0; b < tensor.dim(0); ++b) {
    for (Index h = 0; h < tensor.dim(1); ++h) {
      for (Index i = 0; i < tensor.dim(2); ++i) {
        for (Index c = 0; c < tensor.dim(3); ++c)
          known_[b * strides_[0] + h * strides_[1] + i * strides_[2] + c * strides_[3]] =
              tensor.at({b, h, i, c});
      }
    }
  }
}

double TensorMemory::at(Index offset) const {
  const std::size_t size = size_of(tensor_.dtype());
  if (!tensor_.spread()) return decode(tensor_.dtype(), tensor_.data() + offset * static_cast<Index>(size));
  const auto next = known_.lower_bound(offset);
  if (next != known_.end() && next->first == offset) return next->second;
  const auto reach = static_cast<Index>(kPoisonReach / size);
  const bool near = (next != known_.end() && next->first - offset <= reach) ||
                    (next != known_.begin() && offset - std::prev(next)->first <= reach);
  return near || !untouched_ ? poison_of(tensor_.dtype()) : 0;
}

double TensorMemory::as_packed(Index b, Index h, Index i, Index c) const {
  Index at_packed = 0;
  const Index index[] = {b, h, i, c};
  for (std::size_t axis = 0; axis < 4; ++axis) {
    const Index extent = tensor_.dim(axis);
    at_packed = at_packed * extent + (extent == 1 ? 0 : index[axis]);
  }
  return at(at_packed % elements_);
}

}  // namespace attest::faults
