// Named tensors and texts, as files of tensors hold them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
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

/// What tells how a person adds a missing part.
enum class ArchiveFormat : std::uint8_t { safetensors, npz, folder };

struct TensorArchive {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> texts;  ///< metadata: scalars and names, as text
  /// Names of tensors whose element types attest does not support, with the type. An error only if they are
  /// needed.
  std::map<std::string, std::string> foreign;
  ArchiveFormat format = ArchiveFormat::safetensors;
};

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;

/// Called with each name of an archive before anything is read for it; throws FileFormatError for a name that
/// has no place there. May be empty.
using NameCheck = std::function<void(const std::string& name)>;

// The limits of files of tensors. Each is checked before memory is taken.
/// A file, and what the tensors of one need together.
inline constexpr std::uint64_t kMostFileBytes = std::uint64_t{16} << 30;
/// Tensors and texts of one archive.
inline constexpr std::size_t kMostParts = 1024;
/// One text.
inline constexpr std::size_t kMostTextBytes = std::size_t{1} << 16;
/// A path in a message.
inline constexpr std::size_t kShownPath = 80;

/// The number of elements of a shape; throws FileFormatError for a negative extent, more than 8 axes, or a
/// product (extents of 0 counted as 1) beyond 2^46, which no file of tensors holds. `what` begins the
/// message.
std::int64_t checked_count(const std::vector<std::int64_t>& shape, const std::string& what);

/// The whole file. Throws FileFormatError, naming the path.
Bytes read_file(const std::string& path);
/// Throws FileFormatError when it cannot be written.
void write_file(const std::string& path, ByteView bytes);

}  // namespace attest::files
