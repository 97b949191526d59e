#include "kernel/memory/memory_gauge.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kernel/process/file_descriptor.hpp"

namespace attest::kernel {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kPaints = false;
#else
constexpr bool kPaints = true;
#endif

// Room for the frames of paint and memset.
constexpr std::size_t kOwnFrames = 1024;

std::size_t most_painted() {
  rlimit limit{};
  constexpr std::size_t kUsual = std::size_t{8} << 20;
  const bool known = ::getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  return std::min(known ? static_cast<std::size_t>(limit.rlim_cur) : kUsual, kUsual) / 2;
}

// Compared in blocks, as byte by byte would cost more than the call.
constexpr std::size_t kBlock = 4096;
bool unchanged(const std::byte* block, std::byte contents) {
  return *block == contents && std::memcmp(block, block + 1, kBlock - 1) == 0;
}

// "VmHWM:     1234 kB" of /proc/self/status, in bytes. Read without the heap, whose growth is being measured.
std::optional<std::uint64_t> status_bytes(std::string_view field) {
  const FileDescriptor file(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
  std::array<char, 8192> text{};
  const ssize_t size = file.get() < 0 ? -1 : ::read(file.get(), text.data(), text.size() - 1);
  if (size <= 0) return std::nullopt;
  const std::string_view status(text.data(), static_cast<std::size_t>(size));
  const std::size_t at = status.find(field);
  if (at == std::string_view::npos) return std::nullopt;
  return std::strtoull(text.data() + at + field.size(), nullptr, 10) * 1024;
}

bool forget_peak() {
  const FileDescriptor file(::open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC));
  return file.get() >= 0 && ::write(file.get(), "5", 1) == 1;
}

}  // namespace

void fill_new_allocations(std::byte contents) {
  // Each change sorts all free blocks anew, which makes the next allocations slow.
  static std::optional<std::byte> present;
  if (present == contents) return;
  present = contents;
  // The allocator fills new memory with the complement of this number, and does nothing when it is 0.
  ::mallopt(M_PERTURB, std::to_integer<int>(~contents));
}

[[gnu::noinline]] void StackGauge::paint(std::byte contents) {
  if (!kPaints) return;
  auto* const top = static_cast<std::byte*>(__builtin_frame_address(0)) - kOwnFrames;
  bottom_ = top - size_;
  contents_ = contents;
  std::memset(bottom_, std::to_integer<int>(contents), size_);
}

std::uint64_t StackGauge::used() {
  if (!kPaints || bottom_ == nullptr) return 0;
  const std::byte* const top = bottom_ + size_;
  const std::byte* deepest = bottom_;
  while (deepest < top && unchanged(deepest, contents_)) deepest += kBlock;
  if (deepest < top)
    deepest = std::find_if(deepest, deepest + kBlock, [&](std::byte b) { return b != contents_; });
  if (deepest == bottom_) size_ = std::min(size_ * 4, most_painted());
  return static_cast<std::uint64_t>(top - deepest) + kOwnFrames;
}

HeapGauge::HeapGauge() {
  ::malloc_trim(0);
  if (forget_peak()) before_ = status_bytes("VmRSS:");
}

std::optional<std::uint64_t> HeapGauge::peak_bytes() const {
  const std::optional<std::uint64_t> peak = before_ ? status_bytes("VmHWM:") : std::nullopt;
  if (!peak) return std::nullopt;
  return *peak > *before_ ? *peak - *before_ : 0;
}

void touch(const SlotMemory& memory) {
  for (std::size_t i = 0; i < kSlots; ++i) {
    const Slot slot = static_cast<Slot>(i);
    for (const std::byte* at = memory.begin(slot); at < memory.end(slot); at += SlotMemory::page_size()) {
      static_cast<void>(*static_cast<const volatile std::byte*>(at));
    }
  }
}

}  // namespace attest::kernel
