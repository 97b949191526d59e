// A tensor as the plain kernel reads and writes it, and the ways in which a faulty one misreads it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

#include "attest/kernel.h"
#include "problem/dtype.hpp"

namespace attest::test {

using Index = std::int64_t;

inline DType dtype_of(const DLTensor& t) {
  if (t.dtype.code == kDLBfloat) return DType::bf16;
  if (t.dtype.code == kDLInt) return DType::i32;
  if (t.dtype.code == kDLUInt) return DType::u8;
  if (t.dtype.bits == 64) return DType::f64;
  return t.dtype.bits == 32 ? DType::f32 : DType::f16;
}

inline std::vector<Index> packed_strides(const DLTensor& t) {
  std::vector<Index> strides(static_cast<std::size_t>(t.ndim), 1);
  for (std::size_t axis = strides.size(); axis-- > 1;) strides[axis - 1] = strides[axis] * t.shape[axis];
  return strides;
}

// How a view departs from its tensor.
struct Misreading {
  bool packed = false;         // strides are ignored
  bool stride_0_is_1 = false;  // inside the storage
  bool wraps = false;          // offsets, at 2^31
  std::optional<DType> type{};
};

// Element by element, extents of 1 broadcast. What is read is decoded once where it is not far apart.
class View {
 public:
  explicit View(const DLTensor* t, bool input = true, const Misreading& misreading = {})
      : t_(t),
        dtype_(t == nullptr ? DType::f32 : misreading.type.value_or(dtype_of(*t))),
        wrong_(misreading) {
    if (t == nullptr) return;
    strides_ = misreading.packed ? packed_strides(*t) : std::vector<Index>(t->strides, t->strides + t->ndim);
    elements_ = 1;
    for (int axis = 0; axis < t->ndim; ++axis) {
      if (t->shape[axis] == 0) elements_ = 0;
      elements_ += elements_ == 0 ? 0 : (t->shape[axis] - 1) * t->strides[axis];
    }
    for (Index& stride : strides_) {
      if (misreading.stride_0_is_1 && stride == 0) stride = 1;
    }
    if (!input || elements_ > (Index{1} << 24)) return;
    values_.reserve(static_cast<std::size_t>(elements_));
    for (Index i = 0; i < elements_; ++i) values_.push_back(load(static_cast<std::size_t>(i)));
  }
  explicit operator bool() const { return t_ != nullptr; }
  Index dim(int axis) const { return t_->shape[axis]; }
  const void* data() const { return t_ == nullptr ? nullptr : t_->data; }
  float at(std::initializer_list<Index> index) const {
    return values_.empty() ? load(offset(index)) : values_[offset(index)];
  }
  void set(std::initializer_list<Index> index, float x) const {
    encode(dtype_, x, static_cast<std::byte*>(t_->data) + offset(index) * size_of(dtype_));
  }
  DType dtype() const { return dtype_; }
  bool holds_nan() const {
    return std::any_of(values_.begin(), values_.end(), [](float x) { return std::isnan(x); });
  }

 private:
  float load(std::size_t element) const {
    return static_cast<float>(
        decode(dtype_, static_cast<const std::byte*>(t_->data) + element * size_of(dtype_)));
  }
  std::size_t offset(std::initializer_list<Index> index) const {
    Index element = 0;
    std::size_t axis = 0;
    for (const Index i : index) {
      if (t_->shape[axis] != 1) element += i * strides_[axis];
      ++axis;
    }
    if (wrong_.wraps) element %= Index{1} << 31;
    if (wrong_.packed || wrong_.stride_0_is_1) element %= elements_;
    return static_cast<std::size_t>(element);
  }
  const DLTensor* t_;
  DType dtype_;
  Misreading wrong_;
  std::vector<Index> strides_;
  Index elements_ = 0;  // of storage
  std::vector<float> values_;
};

}  // namespace attest::test
