// Arrays of Python as tensors, without a copy.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nanobind/nanobind.h>

#include "problem/tensor.hpp"

namespace attest::python {

/// A borrowed tensor and the object that keeps its elements.
struct Array {
  Tensor tensor;
  nanobind::object owner;

  /// `address` is that of the element at index 0 of every axis; strides count elements. Throws
  /// std::invalid_argument, also for a dtype that attest has no name for.
  static Array at(std::uintptr_t address, const std::string& dtype, std::vector<std::int64_t> shape,
                  std::vector<std::int64_t> strides, nanobind::object owner);
  /// By DLPack or the buffer protocol. Throws nanobind::type_error for other objects, for elements that are
  /// not in the host's memory, and for dtypes that attest does not have.
  static Array of(nanobind::object object);
  /// A copy in f32. Throws std::invalid_argument where a value would change.
  Array as_float32() const;
};

void add_array(nanobind::module_& m);

}  // namespace attest::python
