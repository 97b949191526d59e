#include "kernel/memory/slot_memory.hpp"

#include <cerrno>
#include <numeric>
#include <system_error>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

namespace attest::kernel {
namespace {

std::byte* map(void* address, std::size_t bytes, int protection, int flags, int file, std::uint64_t offset) {
  void* mapped = ::mmap(address, bytes, protection, flags, file, static_cast<off_t>(offset));
  if (mapped == MAP_FAILED) {
    throw std::system_error(errno, std::generic_category(), "cannot map memory for tensors");
  }
  return static_cast<std::byte*>(mapped);
}

}  // namespace

std::uint64_t SlotMemory::page_size() {
  static const auto size = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return size;
}

std::uint64_t SlotMemory::total(const Capacities& capacities) {
  return std::accumulate(capacities.begin(), capacities.end(), std::uint64_t{0});
}

SlotMemory::SlotMemory(int file, const Capacities& capacities, Access access) : SlotMemory() {
  capacities_ = capacities;
  const std::size_t guards = (kSlots + 1) * page_size();
  const std::size_t reserved = total(capacities) + guards;
  reservation_ = map(nullptr, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  reserved_ = reserved;
  const int flags = MAP_FIXED | MAP_NORESERVE | (file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED);
  std::byte* address = reservation_ + page_size();
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < kSlots; ++i) {
    begins_[i] = address;
    const bool writable = access == Access::everything || is_output(static_cast<Slot>(i));
    if (capacities[i] != 0) {
      map(address, capacities[i], writable ? PROT_READ | PROT_WRITE : PROT_READ, flags, file, offset);
    }
    address += capacities[i] + page_size();
    offset += file < 0 ? 0 : capacities[i];
  }
}

SlotMemory::SlotMemory(SlotMemory&& other) noexcept { swap(other); }

SlotMemory& SlotMemory::operator=(SlotMemory&& other) noexcept {
  swap(other);
  return *this;
}

SlotMemory::~SlotMemory() {
  if (reservation_ != nullptr) ::munmap(reservation_, reserved_);
}

void SlotMemory::swap(SlotMemory& other) noexcept {
  std::swap(reservation_, other.reservation_);
  std::swap(reserved_, other.reserved_);
  std::swap(capacities_, other.capacities_);
  std::swap(begins_, other.begins_);
}

}  // namespace attest::kernel
