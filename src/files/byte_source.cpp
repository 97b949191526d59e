#include "files/byte_source.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "problem/quote.hpp"

namespace attest::files {
namespace {

[[noreturn]] void cannot_read(const std::string& path, const std::string& why) {
  throw FileFormatError(fmt::format("cannot read {}: {}", quote(path, kShownPath), why));
}

}  // namespace

void MemorySource::read(std::uint64_t offset, std::span<std::byte> to) const {
  if (!to.empty()) std::memcpy(to.data(), bytes_.data() + offset, to.size());
}

// A pipe would wait for its writer without O_NONBLOCK.
FileSource::FileSource(std::string path, std::uint64_t most)
    : path_(std::move(path)), fd_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  if (fd_ < 0) cannot_read(path_, std::strerror(errno));
  struct stat found {};
  const bool known = ::fstat(fd_, &found) == 0;
  size_ = known ? static_cast<std::uint64_t>(found.st_size) : 0;
  if (known && S_ISREG(found.st_mode) && size_ <= most) return;
  ::close(std::exchange(fd_, -1));
  if (!known || !S_ISREG(found.st_mode)) {
    cannot_read(path_, S_ISDIR(found.st_mode) ? "it is a folder, not a file" : "it is no regular file");
  }
  throw FileFormatError(
      fmt::format("{} has {} bytes; the limit is {}", quote(path_, kShownPath), size_, most));
}

FileSource::~FileSource() {
  if (fd_ >= 0) ::close(fd_);
}

void FileSource::read(std::uint64_t offset, std::span<std::byte> to) const {
  while (!to.empty()) {
    const ssize_t got = ::pread(fd_, to.data(), to.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) cannot_read(path_, std::strerror(errno));
    if (got == 0) cannot_read(path_, "it became shorter while it was read");
    to = to.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
}

}  // namespace attest::files
