#include "files/tensor_archive.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "files/byte_source.hpp"
#include "problem/quote.hpp"

namespace attest::files {

std::int64_t checked_count(const std::vector<std::int64_t>& shape, const std::string& what) {
  constexpr std::int64_t kMost = std::int64_t{1} << 46;
  if (shape.size() > 8) throw FileFormatError(fmt::format("{} has {} axes, more than 8", what, shape.size()));
  std::int64_t nonzero = 1;
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) {
    if (extent < 0) throw FileFormatError(fmt::format("{} has a negative extent {}", what, extent));
    if (extent > kMost / nonzero) throw FileFormatError(what + " has too large a shape");
    nonzero *= extent == 0 ? 1 : extent;
    count *= extent;
  }
  return count;
}

Bytes read_file(const std::string& path) {
  const FileSource file(path, kMostFileBytes);
  Bytes bytes(file.size());
  file.read(0, bytes);
  return bytes;
}

void write_file(const std::string& path, ByteView bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file)
    throw FileFormatError(fmt::format("cannot write {}: {}", quote(path, kShownPath), std::strerror(errno)));
}

}  // namespace attest::files
