// A strided tensor that owns its bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "problem/dtype.hpp"

namespace attest {

/// Shape and strides in elements, row-major unless strides are given. Storage begins at element 0 of the
/// layout (byte_offset 0) and is exactly as long as the layout needs: the last reachable element is its last
/// element.
class Tensor {
 public:
  Tensor() = default;
  /// A contiguous tensor of zeros.
  Tensor(DType dtype, std::vector<std::int64_t> shape);
  /// A tensor of zeros with the given non-negative strides (0 repeats the same elements along that axis).
  Tensor(DType dtype, std::vector<std::int64_t> shape, std::vector<std::int64_t> strides);

  DType dtype() const { return dtype_; }
  const std::vector<std::int64_t>& shape() const { return shape_; }
  const std::vector<std::int64_t>& strides() const { return strides_; }
  std::int64_t dim(std::size_t axis) const { return shape_.at(axis); }
  std::size_t rank() const { return shape_.size(); }
  /// Number of logical elements (the product of the shape).
  std::int64_t count() const;

  const std::vector<std::byte>& bytes() const { return bytes_; }
  std::vector<std::byte>& bytes() { return bytes_; }

  /// The value at an index of full rank; an axis of extent 1 accepts any index (broadcast).
  double at(std::initializer_list<std::int64_t> index) const { return decode(dtype_, element(index)); }
  /// Stores a value, rounded to the dtype.
  void set(std::initializer_list<std::int64_t> index, double value) {
    encode(dtype_, value, bytes_.data() + offset(index));
  }

  /// Logical elements in row-major order, decoded.
  std::vector<double> values() const;
  /// Overwrites the logical elements in row-major order; size must equal count().
  void assign(const std::vector<double>& values);
  /// Byte offset of the logical element with this row-major rank.
  std::size_t offset_of(std::int64_t linear) const;

  /// The same logical elements in another layout.
  Tensor with_strides(std::vector<std::int64_t> strides) const;
  bool contiguous() const;

 private:
  std::size_t offset(std::initializer_list<std::int64_t> index) const;
  const std::byte* element(std::initializer_list<std::int64_t> index) const {
    return bytes_.data() + offset(index);
  }

  DType dtype_ = DType::f32;
  std::vector<std::int64_t> shape_;
  std::vector<std::int64_t> strides_;
  std::vector<std::byte> bytes_;
};

/// Row-major strides of a shape, in elements.
std::vector<std::int64_t> row_major_strides(const std::vector<std::int64_t>& shape);
/// Elements of storage that a layout reaches (0 when any extent is 0).
std::int64_t storage_elements(const std::vector<std::int64_t>& shape,
                              const std::vector<std::int64_t>& strides);

}  // namespace attest
