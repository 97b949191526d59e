// A strided tensor that owns its bytes, or reads those of somebody else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "problem/dtype.hpp"
#include "problem/strided.hpp"

namespace attest {

/// Every byte between the elements of a strided tensor, and around it in a kernel's memory: NaN in every
/// float format, -1 as a length, 255 in a mask.
inline constexpr std::byte kPoison{0xff};

/// Shape and strides in elements, row-major unless strides are given. Storage begins at element 0 of the
/// layout (byte_offset 0) and is exactly as long as the layout needs: the last reachable element is its last
/// element. Bytes between the elements hold kPoison.
///
/// A tensor can be spread: a kernel then sees other strides, which may reach as far as they like, while only
/// the elements are stored.
///
/// A tensor can be borrowed: it reads elements where its maker keeps them, with any strides. The first change
/// of it, by set, assign or bytes(), makes a row-major copy that is its own. Copies of a borrowed tensor
/// borrow too.
class Tensor {
 public:
  Tensor() = default;
  /// A contiguous tensor of zeros.
  Tensor(DType dtype, std::vector<std::int64_t> shape);
  /// A tensor of zeros with the given non-negative strides (0 repeats the same elements along that axis).
  Tensor(DType dtype, std::vector<std::int64_t> shape, std::vector<std::int64_t> strides);

  /// Borrows the elements whose first, at index 0 of every axis, lies at `origin`. They must outlive the
  /// tensor and its copies. Strides in elements may be negative. Alignment does not matter. Throws
  /// std::invalid_argument.
  static Tensor borrowed(DType dtype, std::vector<std::int64_t> shape, std::vector<std::int64_t> strides,
                         const std::byte* origin);

  DType dtype() const { return dtype_; }
  const std::vector<std::int64_t>& shape() const { return shape_; }
  const std::vector<std::int64_t>& strides() const { return strides_; }
  /// The strides that a kernel sees: strides(), unless the tensor is spread.
  const std::vector<std::int64_t>& memory_strides() const { return spread() ? memory_strides_ : strides_; }
  bool spread() const { return !memory_strides_.empty(); }
  std::int64_t dim(std::size_t axis) const { return shape_.at(axis); }
  std::size_t rank() const { return shape_.size(); }
  /// Number of logical elements (the product of the shape).
  std::int64_t count() const;

  bool owns_elements() const { return origin_ == nullptr; }
  /// The element at index 0 of every axis; strides() lead from it to the others.
  const std::byte* data() const { return owns_elements() ? bytes_.data() : origin_; }
  /// The storage. Of a borrowed tensor: throws std::logic_error.
  const std::vector<std::byte>& bytes() const;
  /// The storage, which becomes the tensor's own if it was borrowed.
  std::vector<std::byte>& bytes() {
    own();
    return bytes_;
  }

  /// The value at an index of full rank; an axis of extent 1 accepts any index (broadcast).
  double at(std::initializer_list<std::int64_t> index) const { return decode(dtype_, element(index)); }
  /// Stores a value, rounded to the dtype.
  void set(std::initializer_list<std::int64_t> index, double value) {
    own();
    encode(dtype_, value, bytes_.data() + offset(index));
  }

  /// Logical elements in row-major order, decoded.
  std::vector<double> values() const;
  /// Overwrites the logical elements in row-major order; size must equal count().
  void assign(const std::vector<double>& values);
  /// Byte offset of the logical element with this row-major rank.
  std::ptrdiff_t offset_of(std::int64_t linear) const;

  /// The same logical elements in another layout, not spread.
  Tensor with_strides(std::vector<std::int64_t> strides) const;
  /// The same storage, seen by kernels with these strides. Throws std::invalid_argument where elements that
  /// are stored apart would overlap in memory.
  Tensor spread_to(std::vector<std::int64_t> memory_strides) const;
  /// Row-major for a kernel too.
  bool contiguous() const;

 private:
  std::ptrdiff_t offset(std::initializer_list<std::int64_t> index) const {
    std::int64_t element = 0;
    std::size_t axis = 0;
    for (const std::int64_t i : index) {
      if (shape_[axis] != 1) element += i * strides_[axis];
      ++axis;
    }
    return element * static_cast<std::ptrdiff_t>(size_of(dtype_));
  }
  const std::byte* element(std::initializer_list<std::int64_t> index) const { return data() + offset(index); }
  void own() {
    if (!owns_elements()) copy_borrowed();
  }
  void copy_borrowed();

  DType dtype_ = DType::f32;
  std::vector<std::int64_t> shape_;
  std::vector<std::int64_t> strides_;
  std::vector<std::int64_t> memory_strides_;  ///< empty: not spread
  std::vector<std::byte> bytes_;
  const std::byte* origin_ = nullptr;  ///< of borrowed elements; null: they are in bytes_
};

/// Whether a kernel would find the same in both: the same bytes in the same layout.
bool same_in_memory(const Tensor& a, const Tensor& b);

}  // namespace attest
