#include "problem/tensor.hpp"

#include <stdexcept>
#include <utility>

namespace attest {

std::vector<std::int64_t> row_major_strides(const std::vector<std::int64_t>& shape) {
  std::vector<std::int64_t> strides(shape.size());
  std::int64_t step = 1;
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

std::int64_t storage_elements(const std::vector<std::int64_t>& shape,
                              const std::vector<std::int64_t>& strides) {
  std::int64_t last = 0;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] == 0) return 0;
    last += (shape[axis] - 1) * strides[axis];
  }
  return last + 1;
}

Tensor::Tensor(DType dtype, std::vector<std::int64_t> shape)
    : Tensor(dtype, shape, row_major_strides(shape)) {}

Tensor::Tensor(DType dtype, std::vector<std::int64_t> shape, std::vector<std::int64_t> strides)
    : dtype_(dtype), shape_(std::move(shape)), strides_(std::move(strides)) {
  if (shape_.size() != strides_.size())
    throw std::invalid_argument("tensor: shape and strides differ in rank");
  for (const std::int64_t extent : shape_) {
    if (extent < 0) throw std::invalid_argument("tensor: negative extent");
  }
  for (const std::int64_t stride : strides_) {
    if (stride < 0) throw std::invalid_argument("tensor: negative stride");
  }
  bytes_.resize(static_cast<std::size_t>(storage_elements(shape_, strides_)) * size_of(dtype_));
}

std::int64_t Tensor::count() const {
  std::int64_t product = 1;
  for (const std::int64_t extent : shape_) product *= extent;
  return product;
}

std::size_t Tensor::offset(std::initializer_list<std::int64_t> index) const {
  std::int64_t element = 0;
  std::size_t axis = 0;
  for (const std::int64_t i : index) {
    if (shape_[axis] != 1) element += i * strides_[axis];
    ++axis;
  }
  return static_cast<std::size_t>(element) * size_of(dtype_);
}

std::size_t Tensor::offset_of(std::int64_t linear) const {
  std::int64_t element = 0;
  for (std::size_t axis = shape_.size(); axis-- > 0;) {
    element += (linear % shape_[axis]) * strides_[axis];
    linear /= shape_[axis];
  }
  return static_cast<std::size_t>(element) * size_of(dtype_);
}

std::vector<double> Tensor::values() const {
  std::vector<double> out(static_cast<std::size_t>(count()));
  if (out.empty()) return out;
  // Runs along the last axis: dividing a rank into an index for every element takes longer than to decode it.
  const std::int64_t run = contiguous() || rank() == 0 ? count() : shape_.back();
  const std::int64_t step = contiguous() || rank() == 0 ? 1 : strides_.back();
  for (std::int64_t i = 0; i < count(); i += run)
    decode_run(dtype_, bytes_.data() + offset_of(i), step, run, out.data() + i);
  return out;
}

void Tensor::assign(const std::vector<double>& values) {
  if (static_cast<std::int64_t>(values.size()) != count()) {
    throw std::invalid_argument("tensor: assigned values do not match the shape");
  }
  const bool dense = contiguous();
  const std::size_t size = size_of(dtype_);
  for (std::size_t i = 0; i < values.size(); ++i) {
    encode(dtype_, values[i], bytes_.data() + (dense ? i * size : offset_of(static_cast<std::int64_t>(i))));
  }
}

Tensor Tensor::with_strides(std::vector<std::int64_t> strides) const {
  Tensor other(dtype_, shape_, std::move(strides));
  const std::size_t size = size_of(dtype_);
  for (std::int64_t i = 0; i < count(); ++i) {
    const std::byte* from = bytes_.data() + offset_of(i);
    std::copy(from, from + size, other.bytes_.data() + other.offset_of(i));
  }
  return other;
}

bool Tensor::contiguous() const { return strides_ == row_major_strides(shape_); }

}  // namespace attest
