// Where the bytes of a file come from. Parsers ask for the parts that they need, so that nothing is read, and
// no memory is taken, for what they refuse.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "files/tensor_archive.hpp"

namespace attest::files {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const = 0;
  /// Precondition: the range is inside the source. Throws FileFormatError where it cannot be read.
  virtual void read(std::uint64_t offset, std::span<std::byte> to) const = 0;
};

class MemorySource final : public ByteSource {
 public:
  /// The bytes must outlive this.
  explicit MemorySource(ByteView bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  void read(std::uint64_t offset, std::span<std::byte> to) const override;

 private:
  ByteView bytes_;
};

class FileSource final : public ByteSource {
 public:
  /// Throws FileFormatError, naming the path: it cannot be opened, is no regular file, or is larger than
  /// `most`.
  explicit FileSource(std::string path, std::uint64_t most);
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override;
  std::uint64_t size() const override { return size_; }
  void read(std::uint64_t offset, std::span<std::byte> to) const override;

 private:
  std::string path_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace attest::files
