#include "kernel/process/held.hpp"

#include <array>
#include <cstdio>
#include <cstring>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include "kernel/process/file_descriptor.hpp"

namespace attest::kernel {
namespace {

// Fields 20 (threads) and 23 (bytes of address space) of /proc/self/stat.
void read_stat(Held& held) {
  std::array<char, 2048> text{};
  const FileDescriptor file(::open("/proc/self/stat", O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 || ::read(file.get(), text.data(), text.size() - 1) <= 0) return;
  const char* const name_end = std::strrchr(text.data(), ')');
  if (name_end == nullptr) return;
  unsigned long threads = 0;
  unsigned long bytes = 0;
  constexpr const char* kFormat =
      ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %lu %*d %*u %lu";
  if (std::sscanf(name_end, kFormat, &threads, &bytes) != 2) return;
  held.threads = threads;
  held.mapped_bytes = bytes;
}

std::uint64_t open_descriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), ::closedir);
  if (folder == nullptr) return 0;
  std::uint64_t count = 0;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (entry->d_name[0] != '.') ++count;
  }
  return count;
}

}  // namespace

Held held_now() {
  Held held;
  const auto heap = ::mallinfo2();
  held.heap_bytes = heap.uordblks + heap.hblkhd;
  read_stat(held);
  held.descriptors = open_descriptors();
  return held;
}

}  // namespace attest::kernel
