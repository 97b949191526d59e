// Memory for the tensors of one case: each in pages of its own, followed by a page that cannot be touched.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernel/memory/forward_description.hpp"
#include "kernel/process/file_descriptor.hpp"

namespace attest::kernel {

/// A file for memory that is shared with a worker. It is as long as it will ever be, and sealed: nobody who
/// holds it can shrink it under the other's feet. Pages exist from their first access on, so the length costs
/// nothing. Throws std::system_error.
FileDescriptor create_sealed_file();
/// Gives back the pages of the first `bytes` of a slot, which then hold 0. Throws std::system_error.
void release_pages(int file, Slot slot, std::uint64_t bytes);

/// A mapping that two processes can share. Inaccessible pages stand before and after every slot; a tensor is
/// placed at its slot's end, so that touching what is past it faults. Nothing is remapped as long as the
/// tensors fit, hence guard pages cost nothing a case. A slot can be far larger than the machine's memory:
/// pages exist from their first access on.
class SlotMemory {
 public:
  /// Bytes a slot; multiples of the page size.
  using Capacities = PerSlot<std::uint64_t>;
  enum class Access : std::uint8_t {
    everything,    ///< the caller's: inputs are written too
    outputs_only,  ///< a kernel's: a write to an input faults
  };

  SlotMemory() = default;
  /// Maps a file of create_sealed_file, in which each slot has a place of its own, or private memory when
  /// file is -1. Throws std::system_error.
  SlotMemory(int file, const Capacities& capacities, Access access);
  SlotMemory(SlotMemory&& other) noexcept;
  SlotMemory& operator=(SlotMemory&& other) noexcept;
  SlotMemory(const SlotMemory&) = delete;
  SlotMemory& operator=(const SlotMemory&) = delete;
  ~SlotMemory();

  const Capacities& capacities() const { return capacities_; }
  std::byte* begin(Slot slot) const { return begins_[index_of(slot)]; }
  std::byte* end(Slot slot) const { return begin(slot) + capacities_[index_of(slot)]; }

  static std::uint64_t page_size();
  static std::uint64_t total(const Capacities& capacities);

 private:
  void swap(SlotMemory& other) noexcept;

  std::byte* reservation_ = nullptr;
  std::size_t reserved_ = 0;
  Capacities capacities_{};
  PerSlot<std::byte*> begins_{};
};

}  // namespace attest::kernel
