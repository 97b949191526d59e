// Integers of any width, as i32.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "files/tensor_archive.hpp"

namespace attest::files {

/// An element type that attest has no dtype for and whose values may nonetheless fit into i32.
struct IntegerType {
  std::size_t bytes = 0;
  bool is_signed = true;
};

/// By the name that NumPy ("<i8", "|i1", "<u4") or safetensors ("I64", "U16") gives it; none: it is no such
/// type. i32 and u8 have dtypes of their own.
std::optional<IntegerType> integer_type(std::string_view name);

/// The tensor of these elements (little-endian, in the order of the strides) if i32 holds all of them.
/// Precondition: elements.size() is the storage of the layout in the type.
std::optional<Tensor> narrowed(IntegerType type, ByteView elements, const std::vector<std::int64_t>& shape,
                               const std::vector<std::int64_t>& strides);

}  // namespace attest::files
