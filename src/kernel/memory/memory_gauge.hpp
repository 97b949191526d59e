// In a worker: gives memory that a kernel has not written yet known contents, and measures what it uses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "kernel/memory/slot_memory.hpp"

namespace attest::kernel {

/// From now on the heap hands out memory full of this byte (not 0xff), as far as glibc's allocator serves the
/// kernel; freed memory is filled with the byte's complement.
void fill_new_allocations(std::byte contents);

/// The stack below the caller. Does nothing, and measures 0, under AddressSanitizer, whose frames it would
/// break.
class StackGauge {
 public:
  /// Fills the stack below the caller's frame. At first 64 KiB of it; four times as much after a call that
  /// used all of it, up to half of what the process may use.
  void paint(std::byte contents);
  /// How much of what was painted has changed since, at least; in bytes, from the caller's frame down.
  std::uint64_t used();

 private:
  std::size_t size_ = std::size_t{64} << 10;
  std::byte contents_{};
  std::byte* bottom_ = nullptr;
};

/// Resident memory of this process, from its making to its peak. Pages that are resident then do not count.
class HeapGauge {
 public:
  /// Gives unused heap memory back to the system first, so that using it again counts.
  HeapGauge();
  /// None where the system does not tell. The kernel's own count is off by up to some tens of pages a thread.
  std::optional<std::uint64_t> peak_bytes() const;

 private:
  std::optional<std::uint64_t> before_;
};

/// Makes every page of the tensors resident.
void touch(const SlotMemory& memory);

}  // namespace attest::kernel
