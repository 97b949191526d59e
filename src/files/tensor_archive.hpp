// Named tensors and texts, as files of tensors hold them.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "problem/tensor.hpp"

namespace attest::files {

/// A malformed file. The message says what is wrong, where, and what is expected.
struct FileFormatError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct TensorArchive {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> texts;  ///< metadata: scalars and names, as text
  /// Names of tensors whose element types attest does not support, with the type. An error only if they are
  /// needed.
  std::map<std::string, std::string> foreign;
};

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;

/// The number of elements of a shape; throws FileFormatError for a negative extent, more than 8 axes, or a
/// product (extents of 0 counted as 1) beyond 2^46, which no file of tensors holds. `what` begins the
/// message.
std::int64_t checked_count(const std::vector<std::int64_t>& shape, const std::string& what);

/// The whole file. Throws FileFormatError, naming the path.
Bytes read_file(const std::string& path);
/// Throws FileFormatError when it cannot be written.
void write_file(const std::string& path, ByteView bytes);

}  // namespace attest::files
