#include "problem/tensor.hpp"

#include <stdexcept>
#include <utility>

namespace attest {
namespace {

// Elements in logical order at one distance in memory, so many at a time: dividing a rank into an index for
// every element takes longer than to decode it.
struct Runs {
  std::int64_t length = 1, step = 1;
};
Runs runs_of(const Tensor& t) {
  if (t.contiguous() || t.rank() == 0) return {t.count(), 1};
  return {t.shape().back(), t.strides().back()};
}

}  // namespace

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
  const Runs runs = runs_of(*this);
  for (std::int64_t i = 0; i < count(); i += runs.length)
    decode_run(dtype_, bytes_.data() + offset_of(i), runs.step, runs.length, out.data() + i);
  return out;
}

void Tensor::assign(const std::vector<double>& values) {
  if (static_cast<std::int64_t>(values.size()) != count()) {
    throw std::invalid_argument("tensor: assigned values do not match the shape");
  }
  if (values.empty()) return;
  const Runs runs = runs_of(*this);
  const auto step = runs.step * static_cast<std::int64_t>(size_of(dtype_));
  for (std::int64_t i = 0; i < count(); i += runs.length) {
    std::byte* const to = bytes_.data() + offset_of(i);
    for (std::int64_t c = 0; c < runs.length; ++c)
      encode(dtype_, values[static_cast<std::size_t>(i + c)], to + c * step);
  }
}

Tensor Tensor::with_strides(std::vector<std::int64_t> strides) const {
  Tensor other(dtype_, shape_, std::move(strides));
  const auto size = static_cast<std::int64_t>(size_of(dtype_));
  const std::int64_t run = rank() == 0 ? 1 : shape_.back();
  const std::int64_t step = rank() == 0 ? 0 : size * strides_.back();
  const std::int64_t other_step = rank() == 0 ? 0 : size * other.strides_.back();
  for (std::int64_t i = 0; i < count(); i += run) {
    const std::byte* from = bytes_.data() + offset_of(i);
    std::byte* to = other.bytes_.data() + other.offset_of(i);
    for (std::int64_t c = 0; c < run; ++c)
      std::copy(from + c * step, from + c * step + size, to + c * other_step);
  }
  return other;
}

bool Tensor::contiguous() const { return strides_ == row_major_strides(shape_); }

}  // namespace attest
