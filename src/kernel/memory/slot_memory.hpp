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

/// Mappings that two processes can share, one for each slot. Inaccessible pages stand before and after every
/// slot; a tensor is placed at its slot's end, so that touching what is past it faults. Only slots whose
/// capacity changes are mapped anew, hence guard pages cost nothing a case, and pages that were touched once
/// stay mapped. A slot can be far larger than the machine's memory: pages exist from their first access on.
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
  /// file is -1; the file must outlive it. Throws std::system_error.
  SlotMemory(int file, const Capacities& capacities, Access access);
  SlotMemory(SlotMemory&& other) noexcept;
  SlotMemory& operator=(SlotMemory&& other) noexcept;
  SlotMemory(const SlotMemory&) = delete;
  SlotMemory& operator=(const SlotMemory&) = delete;
  ~SlotMemory();

  /// Throws std::system_error; slots that could not be mapped have no capacity then.
  void resize(const Capacities& capacities);
  /// Gives back the pages of a slot, in every process that maps its file: they hold 0, and nobody has touched
  /// them. Throws std::system_error.
  void clear(Slot slot);

  const Capacities& capacities() const { return capacities_; }
  std::byte* begin(Slot slot) const { return begins_[index_of(slot)]; }
  std::byte* end(Slot slot) const { return begin(slot) + capacities_[index_of(slot)]; }

  static std::uint64_t page_size();

 private:
  void swap(SlotMemory& other) noexcept;
  void map(std::size_t slot, std::uint64_t capacity);
  void unmap(std::size_t slot) noexcept;

  int file_ = -1;
  std::uint64_t room_ = 0;  ///< of a slot in the file
  Access access_ = Access::everything;
  Capacities capacities_{};
  PerSlot<std::byte*> begins_{};  ///< null: not mapped
};

}  // namespace attest::kernel
