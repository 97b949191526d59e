#include "kernel/memory/slot_memory.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace attest::kernel {
namespace {

[[noreturn]] void fail(int error, const char* what) {
  throw std::system_error(error, std::generic_category(), what);
}

std::byte* map_pages(void* address, std::size_t bytes, int protection, int flags, int file,
                     std::uint64_t offset) {
  void* mapped = ::mmap(address, bytes, protection, flags, file, static_cast<off_t>(offset));
  if (mapped == MAP_FAILED) fail(errno, "cannot map memory for tensors");
  return static_cast<std::byte*>(mapped);
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

std::uint64_t SlotMemory::page_size() {
  static const auto size = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return size;
}

SlotMemory::SlotMemory(int file, const Capacities& capacities, Access access) : SlotMemory() {
  file_ = file;
  room_ = file < 0 ? 0 : room_of_slot(file);
  access_ = access;
  resize(capacities);
}

void SlotMemory::resize(const Capacities& capacities) {
  for (std::size_t i = 0; i < kSlots; ++i) {
    if (capacities[i] == capacities_[i] && begins_[i] != nullptr) continue;
    unmap(i);
    map(i, capacities[i]);
  }
}

// The slot's pages and a guard page on either side, which stay reserved.
void SlotMemory::map(std::size_t slot, std::uint64_t capacity) {
  if (file_ >= 0 && capacity > room_)
    fail(EFBIG, "cannot share a tensor of this size under the limit of file sizes (ulimit -f)");
  constexpr int kReserving = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  begins_[slot] = map_pages(nullptr, capacity + 2 * page_size(), PROT_NONE, kReserving, -1, 0) + page_size();
  capacities_[slot] = capacity;
  if (capacity == 0) return;
  const bool writable = access_ == Access::everything || is_output(static_cast<Slot>(slot));
  const int flags = MAP_FIXED | MAP_NORESERVE | (file_ < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED);
  try {
    map_pages(begins_[slot], capacity, writable ? PROT_READ | PROT_WRITE : PROT_READ, flags, file_,
              slot * room_);
  } catch (...) {
    unmap(slot);
    throw;
  }
}

void SlotMemory::unmap(std::size_t slot) noexcept {
  if (begins_[slot] != nullptr) ::munmap(begins_[slot] - page_size(), capacities_[slot] + 2 * page_size());
  begins_[slot] = nullptr;
  capacities_[slot] = 0;
}

// In a file, the pages of a larger capacity that the slot had before are given back too.
void SlotMemory::clear(Slot slot) {
  const std::size_t i = index_of(slot);
  if (capacities_[i] == 0 && file_ < 0) return;
  const int how = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
  const int failed = file_ < 0
                         ? ::madvise(begins_[i], capacities_[i], MADV_DONTNEED)
                         : ::fallocate(file_, how, static_cast<off_t>(i * room_), static_cast<off_t>(room_));
  if (failed != 0) fail(errno, "cannot give back memory of tensors");
}

SlotMemory::SlotMemory(SlotMemory&& other) noexcept { swap(other); }

SlotMemory& SlotMemory::operator=(SlotMemory&& other) noexcept {
  swap(other);
  return *this;
}

SlotMemory::~SlotMemory() {
  for (std::size_t i = 0; i < kSlots; ++i) unmap(i);
}

void SlotMemory::swap(SlotMemory& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(room_, other.room_);
  std::swap(access_, other.access_);
  std::swap(capacities_, other.capacities_);
  std::swap(begins_, other.begins_);
}

}  // namespace attest::kernel
