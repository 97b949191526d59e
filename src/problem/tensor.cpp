#include "problem/tensor.hpp"

#include <cstring>
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
  if (t.rank() == 0 || t.strides() == row_major_strides(t.shape())) return {t.count(), 1};
  return {t.shape().back(), t.strides().back()};
}

// Storage between the elements; repeated axes store nothing.
bool has_gaps(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides) {
  std::int64_t distinct = 1;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (strides[axis] != 0 || shape[axis] == 0) distinct *= shape[axis];
  }
  return storage_elements(shape, strides) != distinct;
}

}  // namespace

bool same_in_memory(const Tensor& a, const Tensor& b) {
  const bool alike = a.dtype() == b.dtype() && a.shape() == b.shape() && a.strides() == b.strides() &&
                     a.memory_strides() == b.memory_strides();
  if (!alike || (a.owns_elements() && b.owns_elements())) return alike && a.bytes() == b.bytes();
  const std::size_t size = size_of(a.dtype());
  for (std::int64_t i = 0; a.data() != b.data() && i < a.count(); ++i) {
    if (std::memcmp(a.data() + a.offset_of(i), b.data() + b.offset_of(i), size) != 0) return false;
  }
  return true;
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
  const auto stored = static_cast<std::size_t>(storage_elements(shape_, strides_)) * size_of(dtype_);
  if (!has_gaps(shape_, strides_)) {
    bytes_.resize(stored);
    return;
  }
  bytes_.resize(stored, kPoison);
  fill_elements(shape_, size_of(dtype_), bytes_.data(), strides_, std::byte{0});
}

Tensor Tensor::borrowed(DType dtype, std::vector<std::int64_t> shape, std::vector<std::int64_t> strides,
                        const std::byte* origin) {
  if (shape.size() != strides.size()) throw std::invalid_argument("tensor: shape and strides differ in rank");
  Tensor tensor;
  tensor.dtype_ = dtype;
  tensor.shape_ = std::move(shape);
  for (const std::int64_t extent : tensor.shape_) {
    if (extent < 0) throw std::invalid_argument("tensor: negative extent");
  }
  tensor.strides_ = std::move(strides);
  if (tensor.count() == 0) return Tensor(dtype, tensor.shape_);
  if (origin == nullptr) throw std::invalid_argument("tensor: elements without an address");
  tensor.origin_ = origin;
  return tensor;
}

void Tensor::copy_borrowed() {
  Tensor mine(dtype_, shape_);
  copy_elements(shape_, size_of(dtype_), origin_, strides_, mine.bytes_.data(), mine.strides_);
  mine.memory_strides_ = std::move(memory_strides_);
  *this = std::move(mine);
}

const std::vector<std::byte>& Tensor::bytes() const {
  if (!owns_elements()) throw std::logic_error("tensor: borrowed elements are no storage of its own");
  return bytes_;
}

std::int64_t Tensor::count() const {
  std::uint64_t product = 1;  // an empty tensor may have extents that overflow
  for (const std::int64_t extent : shape_) product *= static_cast<std::uint64_t>(extent);
  return static_cast<std::int64_t>(product);
}

std::ptrdiff_t Tensor::offset_of(std::int64_t linear) const {
  std::int64_t element = 0;
  for (std::size_t axis = shape_.size(); axis-- > 0;) {
    element += (linear % shape_[axis]) * strides_[axis];
    linear /= shape_[axis];
  }
  return element * static_cast<std::ptrdiff_t>(size_of(dtype_));
}

std::vector<double> Tensor::values() const {
  std::vector<double> out(static_cast<std::size_t>(count()));
  if (out.empty()) return out;
  const Runs runs = runs_of(*this);
  for (std::int64_t i = 0; i < count(); i += runs.length)
    decode_run(dtype_, data() + offset_of(i), runs.step, runs.length, out.data() + i);
  return out;
}

void Tensor::assign(const std::vector<double>& values) {
  if (static_cast<std::int64_t>(values.size()) != count()) {
    throw std::invalid_argument("tensor: assigned values do not match the shape");
  }
  if (values.empty()) return;
  own();
  const Runs runs = runs_of(*this);
  for (std::int64_t i = 0; i < count(); i += runs.length) {
    encode_run(dtype_, values.data() + i, runs.length, bytes_.data() + offset_of(i), runs.step);
  }
}

Tensor Tensor::with_strides(std::vector<std::int64_t> strides) const {
  Tensor other(dtype_, shape_, std::move(strides));
  copy_elements(shape_, size_of(dtype_), data(), strides_, other.bytes_.data(), other.strides_);
  return other;
}

Tensor Tensor::spread_to(std::vector<std::int64_t> memory_strides) const {
  if (memory_strides.size() != rank()) throw std::invalid_argument("tensor: memory strides of another rank");
  std::vector<std::int64_t> apart;  // extents of the axes whose elements are told apart
  for (std::size_t axis = 0; axis < rank(); ++axis) {
    if (memory_strides[axis] < 0) throw std::invalid_argument("tensor: negative memory stride");
    apart.push_back(strides_[axis] == 0 && shape_[axis] != 0 ? 1 : shape_[axis]);
  }
  if (overlapping(apart, memory_strides)) throw std::invalid_argument("tensor: memory strides overlap");
  Tensor other = *this;
  other.memory_strides_ = std::move(memory_strides);
  return other;
}

bool Tensor::contiguous() const { return !spread() && strides_ == row_major_strides(shape_); }

}  // namespace attest
