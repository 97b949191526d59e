#include "kernel/case_memory.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

namespace attest {
namespace {

FileDescriptor create_shared_file() {
  FileDescriptor file(::memfd_create("attest-case", MFD_CLOEXEC));
  if (file.get() < 0) throw std::system_error(errno, std::generic_category(), "memfd_create");
  return file;
}

std::uint64_t round_up(std::uint64_t value, std::uint64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

std::uint64_t alignment_of(const TensorDescription& tensor, std::size_t declared) {
  return std::max<std::uint64_t>({declared, tensor.dtype.bits / 8U, 1});
}

// Room to grow by a quarter keeps a sequence of slowly growing cases from remapping each time.
std::uint64_t capacity_for(std::uint64_t needed) {
  const std::uint64_t page = SlotMemory::page_size();
  return std::max(16 * page, round_up(needed + needed / 4, page));
}

// All of a slot is filled and compared in every call: after one large case thousands of small ones would pay
// for its room.
bool far_too_large(std::uint64_t capacity, std::uint64_t wanted) {
  constexpr std::uint64_t kLarge = std::uint64_t{1} << 20;
  return capacity > kLarge && wanted <= capacity / 16;
}

// memcmp, because comparing byte by byte would cost more than the rest of a case.
bool all_poison(const std::byte* begin, std::size_t size) {
  return size == 0 || (*begin == kPoison && std::memcmp(begin, begin + 1, size - 1) == 0);
}

bool same_bytes(const std::byte* begin, const std::vector<std::byte>& bytes) {
  return std::memcmp(begin, bytes.data(), bytes.size()) == 0;
}

}  // namespace

std::uint64_t placement_offset(Placement placement, std::uint64_t capacity, std::uint64_t bytes,
                               std::uint64_t alignment) {
  if (placement == Placement::page_begin) return 0;
  const std::uint64_t last = (capacity - bytes) / alignment * alignment;
  const bool better_aligned = last % (2 * alignment) == 0;
  return placement == Placement::misaligned && better_aligned ? last - alignment : last;
}

CaseMemory::CaseMemory(Sharing sharing) {
  if (sharing == Sharing::with_worker) file_ = create_shared_file();
}

void CaseMemory::reserve(const ForwardDescription& description) {
  SlotMemory::Capacities capacities = memory_.capacities();
  for (std::size_t i = 0; i < kSlots; ++i) {
    const TensorDescription& tensor = description.tensors[i];
    const std::uint64_t needed = tensor.bytes + 2 * alignment_of(tensor, alignment_);
    const std::uint64_t wanted = capacity_for(needed);
    if (capacities[i] < needed || far_too_large(capacities[i], wanted)) capacities[i] = wanted;
  }
  if (capacities == memory_.capacities()) return;
  if (file() >= 0 && ::ftruncate(file(), static_cast<off_t>(SlotMemory::total(capacities))) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot resize the shared memory of a worker");
  }
  memory_ = SlotMemory(file(), capacities, SlotMemory::Access::everything);
  poisoned_ = {};
}

void CaseMemory::stage(const Problem& problem, const ForwardDescription& description,
                       const RunOptions& options) {
  reserve(description);
  for (std::size_t i = 0; i < kSlots; ++i) {
    const Slot slot = static_cast<Slot>(i);
    place(slot, description.tensors[i], input_of(problem, slot), options);
  }
}

void CaseMemory::place(Slot slot, const TensorDescription& tensor, const Tensor* input,
                       const RunOptions& options) {
  const std::size_t i = index_of(slot);
  const std::uint64_t offset =
      placement_offset(options.placement, capacities()[i], tensor.bytes, alignment_of(tensor, alignment_));
  std::byte* const begin = memory_.begin(slot);
  std::byte* const data = begin + offset;
  std::byte* const data_end = data + tensor.bytes;
  if (poisoned_[i] < offset) std::fill(begin + poisoned_[i], data, kPoison);
  if (input != nullptr) {
    std::copy(input->bytes().begin(), input->bytes().end(), data);
  } else {
    std::fill(data, data_end, options.prefill);
  }
  std::fill(data_end, memory_.end(slot), kPoison);
  poisoned_[i] = offset;
  offsets_[i] = offset;
  sizes_[i] = tensor.bytes;
}

PerSlot<std::byte*> CaseMemory::addresses() const {
  PerSlot<std::byte*> data{};
  for (std::size_t i = 0; i < kSlots; ++i) data[i] = memory_.begin(static_cast<Slot>(i)) + offsets_[i];
  return data;
}

Tensor CaseMemory::read(Slot slot, DType dtype, std::vector<std::int64_t> shape) const {
  Tensor tensor(dtype, std::move(shape));
  const std::byte* data = memory_.begin(slot) + offsets_[index_of(slot)];
  std::copy(data, data + tensor.bytes().size(), tensor.bytes().begin());
  return tensor;
}

// Only near the tensor, where a kernel that misses it writes: a slot can be much larger than its tensor.
bool CaseMemory::poison_intact(Slot slot) const {
  constexpr std::uint64_t kMargin = 256;
  const std::uint64_t offset = offsets_[index_of(slot)];
  const std::uint64_t end = offset + sizes_[index_of(slot)];
  const std::uint64_t before = std::min(kMargin, offset);
  return all_poison(memory_.begin(slot) + offset - before, before) &&
         all_poison(memory_.begin(slot) + end, capacities()[index_of(slot)] - end);
}

void CaseMemory::collect(const Problem& p, RunOutcome& outcome) {
  outcome.result.out = read(Slot::out, p.q.dtype(), {p.batch(), p.q_heads(), p.q_len(), p.v_dim()});
  outcome.result.lse.reset();
  if (p.want_lse) outcome.result.lse = read(Slot::lse, p.lse_dtype(), {p.batch(), p.q_heads(), p.q_len()});
  for (std::size_t i = 0; i < kSlots; ++i) {
    const Slot slot = static_cast<Slot>(i);
    if (sizes_[i] == 0) continue;
    const Tensor* input = input_of(p, slot);
    const std::byte* data = memory_.begin(slot) + offsets_[i];
    if (input != nullptr && !same_bytes(data, input->bytes())) {
      outcome.trespass = Trespass::input;
      outcome.detail = fmt::format("wrote to its input {}", name_of(slot));
    }
    if (!poison_intact(slot)) {
      poisoned_[i] = 0;
      outcome.trespass = Trespass::outside;
      outcome.detail = fmt::format("wrote outside {}", name_of(slot));
    }
  }
}

}  // namespace attest
