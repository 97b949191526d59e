#include "kernel/memory/slot_memory.hpp"

#include <algorithm>
#include <cerrno>
#include <numeric>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
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

[[noreturn]] void fail(int error, const char* what) {
  throw std::system_error(error, std::generic_category(), what);
}

// Far beyond any tensor that a problem describes, unless the user limits the size of files.
std::uint64_t longest_slot() {
  constexpr std::uint64_t kLongest = std::uint64_t{1} << 44;
  rlimit limit{};
  if (::getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kLongest;
  const std::uint64_t page = SlotMemory::page_size();
  return std::min<std::uint64_t>(kLongest, limit.rlim_cur / kSlots / page * page);
}

// The length of a slot's place in a file of create_sealed_file.
std::uint64_t room_of_slot(int file) {
  struct stat status {};
  if (::fstat(file, &status) != 0) fail(errno, "cannot inspect the memory of tensors");
  return static_cast<std::uint64_t>(status.st_size) / kSlots;
}

}  // namespace

FileDescriptor create_sealed_file() {
  FileDescriptor file(::memfd_create("tensors", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (file.get() < 0) fail(errno, "memfd_create");
  if (::ftruncate(file.get(), static_cast<off_t>(longest_slot() * kSlots)) != 0)
    fail(errno, "cannot set the length of shared memory");
  if (::fcntl(file.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    fail(errno, "cannot seal shared memory");
  return file;
}

void release_pages(int file, Slot slot, std::uint64_t bytes) {
  const std::uint64_t begin = index_of(slot) * room_of_slot(file);
  const int how = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
  if (bytes != 0 && ::fallocate(file, how, static_cast<off_t>(begin), static_cast<off_t>(bytes)) != 0)
    fail(errno, "cannot give back shared memory");
}

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
  const std::uint64_t room = file < 0 ? 0 : room_of_slot(file);
  for (std::size_t i = 0; i < kSlots; ++i) {
    begins_[i] = address;
    if (file >= 0 && capacities[i] > room) fail(EFBIG, "cannot map memory for tensors");
    const bool writable = access == Access::everything || is_output(static_cast<Slot>(i));
    if (capacities[i] != 0) {
      map(address, capacities[i], writable ? PROT_READ | PROT_WRITE : PROT_READ, flags, file, i * room);
    }
    address += capacities[i] + page_size();
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
