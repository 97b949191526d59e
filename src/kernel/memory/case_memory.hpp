// The caller's side of one case's memory: places inputs, prefills outputs, copies results back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernel/kernel.hpp"
#include "kernel/memory/element_intervals.hpp"
#include "kernel/memory/forward_description.hpp"
#include "kernel/memory/slot_memory.hpp"
#include "kernel/process/file_descriptor.hpp"

namespace attest::kernel {

/// The largest alignment that a kernel may declare: every page of every machine is aligned to it.
inline constexpr std::size_t kMaxAlignment = 4096;

class CaseMemory {
 public:
  enum class Sharing : std::uint8_t { with_worker, in_process };

  /// Throws std::system_error when memory cannot be had.
  explicit CaseMemory(Sharing sharing);

  /// As in KernelInfo: 0 or a power of two that is at most kMaxAlignment. Holds for the cases staged after
  /// it.
  void set_alignment(std::size_t alignment) { alignment_ = alignment; }

  /// Copies the inputs in, fills out and lse with options.prefill and everything around and between the
  /// elements with kPoison, so that what a kernel reads out of bounds does not depend on earlier cases. Of a
  /// sparse tensor (see is_sparse) that is what lies near its elements; the rest of its pages stay untouched.
  /// Throws std::system_error when memory cannot be had.
  void stage(const Problem& problem, const ForwardDescription& description, const RunOptions& options);

  /// Sets result to what the outputs hold now, in row-major order, and trespass and detail where an input, or
  /// what surrounds a tensor or lies between the rows of an output, is no longer as staged.
  /// Precondition: stage(problem, ...) was the last call of stage, and collect was not called since.
  void collect(const Problem& problem, RunOutcome& outcome);

  /// Offset of each tensor of the staged case in its slot.
  const PerSlot<std::uint64_t>& offsets() const { return offsets_; }
  PerSlot<std::byte*> addresses() const;
  const SlotMemory::Capacities& capacities() const { return memory_.capacities(); }
  /// The memfd to be inherited by a worker; -1 when in process.
  int file() const { return file_.get(); }

 private:
  void reserve(const ForwardDescription& description);
  void place(Slot slot, const Tensor* input, const RunOptions& options);
  void poison_around(Slot slot);
  void write(Slot slot, const Tensor* input, std::byte prefill);
  Tensor read(Slot slot, DType dtype) const;
  bool input_intact(Slot slot, const Tensor& input) const;
  bool gaps_intact(Slot slot);
  bool surroundings_intact(Slot slot) const;
  std::byte* data(Slot slot) const { return memory_.begin(slot) + offsets_[index_of(slot)]; }

  std::size_t alignment_ = 0;
  FileDescriptor file_;
  SlotMemory memory_;
  ForwardDescription staged_;
  PerSlot<std::uint64_t> offsets_{};
  PerSlot<Intervals> near_;  ///< of sparse tensors: what lies near the elements, from the slot's
                             ///< begin on
  PerSlot<std::vector<std::byte>> image_;  ///< of spread inputs: what was staged
  PerSlot<Interval> unknown_{};  ///< of a slot that is not sparse: all around these bytes is kPoison
};

/// Offset in a slot at which a tensor of this size begins. Precondition: capacity >= bytes + 2 * alignment,
/// and alignment is a power of two that divides the page size.
std::uint64_t placement_offset(Placement placement, std::uint64_t capacity, std::uint64_t bytes,
                               std::uint64_t alignment);

}  // namespace attest::kernel
