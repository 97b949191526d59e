#include "kernel/memory/case_memory.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "problem/poison.hpp"

namespace attest::kernel {
namespace {

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

// A slot is smaller again after a large case, because all of it is compared with poison after each call.
bool far_too_large(std::uint64_t capacity, std::uint64_t wanted) {
  constexpr std::uint64_t kLarge = std::uint64_t{1} << 22;
  return capacity > kLarge && wanted <= capacity / 16;
}

// What a slot that shrinks may keep of pages for the next large case.
constexpr std::uint64_t kMostIdle = std::uint64_t{1} << 25;

// memcmp, because comparing byte by byte would cost more than the rest of a case.
bool all_poison(const std::byte* begin, std::size_t size) {
  return size == 0 || (*begin == kPoison && std::memcmp(begin, begin + 1, size - 1) == 0);
}

// The slot has memory of its own for it.
bool lives_here(const TensorDescription& tensor) { return tensor.bytes != 0 && tensor.lies_in < 0; }

}  // namespace

std::uint64_t placement_offset(Placement placement, std::uint64_t capacity, std::uint64_t bytes,
                               std::uint64_t alignment) {
  if (placement == Placement::page_begin) return 0;
  const std::uint64_t last = (capacity - bytes) / alignment * alignment;
  const bool better_aligned = last % (2 * alignment) == 0;
  return placement == Placement::misaligned && better_aligned ? last - alignment : last;
}

CaseMemory::CaseMemory(Sharing sharing) {
  if (sharing == Sharing::with_worker) file_ = create_sealed_file();
  memory_ = SlotMemory(file(), {}, SlotMemory::Access::everything);
}

// Sparse slots get pages that nothing has touched, and give them back before the next case.
void CaseMemory::reserve(const ForwardDescription& description) {
  SlotMemory::Capacities capacities = memory_.capacities();
  for (std::size_t i = 0; i < kSlots; ++i) {
    const TensorDescription& tensor = description.tensors[i];
    const std::uint64_t needed =
        (lives_here(tensor) ? tensor.bytes : 0) + 2 * alignment_of(tensor, alignment_);
    const bool sparse = lives_here(tensor) && is_sparse(tensor);
    const std::uint64_t wanted = sparse ? round_up(needed, SlotMemory::page_size()) : capacity_for(needed);
    const bool was_sparse = !near_[i].empty();
    const bool shrinks = far_too_large(capacities[i], wanted);
    if (sparse || was_sparse || (shrinks && capacities[i] > kMostIdle)) memory_.clear(static_cast<Slot>(i));
    const bool renewed = sparse || was_sparse || shrinks;
    if (!renewed && capacities[i] >= needed) continue;
    capacities[i] = wanted;
    unknown_[i] = {0, wanted};
  }
  memory_.resize(capacities);
}

void CaseMemory::stage(const Problem& problem, const ForwardDescription& description,
                       const RunOptions& options) {
  reserve(description);
  staged_ = description;
  for (std::size_t i = 0; i < kSlots; ++i) {
    const Slot slot = static_cast<Slot>(i);
    place(slot, input_of(problem, slot), options);
  }
}

void CaseMemory::place(Slot slot, const Tensor* input, const RunOptions& options) {
  const std::size_t i = index_of(slot);
  const TensorDescription& tensor = staged_.tensors[i];
  const std::uint64_t bytes = lives_here(tensor) ? tensor.bytes : 0;
  offsets_[i] = placement_offset(options.placement, capacities()[i], bytes, alignment_of(tensor, alignment_));
  near_[i].clear();
  image_[i].clear();
  if (lives_here(tensor) && is_sparse(tensor)) {
    near_[i] = near_elements(tensor, offsets_[i], kPoisonReach, capacities()[i]);
  }
  poison_around(slot);
  if (lives_here(tensor)) write(slot, input, options.prefill);
  if (lives_here(tensor)) unknown_[i] = {offsets_[i], offsets_[i] + tensor.bytes};
}

void CaseMemory::poison_around(Slot slot) {
  const std::size_t i = index_of(slot);
  const TensorDescription& tensor = staged_.tensors[i];
  std::byte* const begin = memory_.begin(slot);
  if (!near_[i].empty()) {
    for (const Interval& near : near_[i]) std::fill(begin + near.begin, begin + near.end, kPoison);
    return;
  }
  // What a kernel is not given needs no poison around it.
  if (!lives_here(tensor)) return;
  const std::uint64_t from = offsets_[i];
  const std::uint64_t to = from + tensor.bytes;
  const auto fill = [&](std::uint64_t first, std::uint64_t last) {
    if (first < last) std::fill(begin + first, begin + last, kPoison);
  };
  fill(unknown_[i].begin, std::min(unknown_[i].end, from));
  if (has_gaps(tensor)) fill(from, to);
  fill(std::max(unknown_[i].begin, to), unknown_[i].end);
}

void CaseMemory::write(Slot slot, const Tensor* input, std::byte prefill) {
  const std::size_t i = index_of(slot);
  const TensorDescription& tensor = staged_.tensors[i];
  const std::size_t size = tensor.dtype.bits / 8U;
  if (input == nullptr && !has_gaps(tensor)) {
    std::fill_n(data(slot), tensor.bytes, prefill);
  } else if (input == nullptr) {
    fill_elements(shape_of(tensor), size, data(slot), strides_of(tensor), prefill);
  } else if (!input->spread() && near_[i].empty()) {
    std::copy(input->bytes().begin(), input->bytes().end(), data(slot));
  } else {
    copy_elements(input->shape(), size, input->data(), input->strides(), data(slot), input->memory_strides());
    if (near_[i].empty()) {
      image_[i].assign(data(slot), data(slot) + tensor.bytes);
    } else {
      for (const Interval& near : near_[i]) {
        image_[i].insert(image_[i].end(), memory_.begin(slot) + near.begin, memory_.begin(slot) + near.end);
      }
    }
  }
}

PerSlot<std::byte*> CaseMemory::addresses() const {
  PerSlot<std::byte*> addresses{};
  for (std::size_t i = 0; i < kSlots; ++i) addresses[i] = data(static_cast<Slot>(i));
  return addresses;
}

Tensor CaseMemory::read(Slot slot, DType dtype) const {
  const TensorDescription& from = staged_.tensors[index_of(slot)];
  Tensor tensor(dtype, shape_of(from));
  if (strides_of(from) == tensor.strides()) {
    std::copy_n(data(slot), tensor.bytes().size(), tensor.bytes().begin());
  } else {
    copy_elements(tensor.shape(), size_of(dtype), data(slot), strides_of(from), tensor.bytes().data(),
                  tensor.strides());
  }
  return tensor;
}

bool CaseMemory::input_intact(Slot slot, const Tensor& input) const {
  const std::size_t i = index_of(slot);
  if (image_[i].empty()) return std::memcmp(data(slot), input.bytes().data(), input.bytes().size()) == 0;
  if (near_[i].empty()) return std::memcmp(data(slot), image_[i].data(), image_[i].size()) == 0;
  const std::byte* staged = image_[i].data();
  return std::all_of(near_[i].begin(), near_[i].end(), [&](const Interval& near) {
    const std::byte* const expected = std::exchange(staged, staged + (near.end - near.begin));
    return std::memcmp(memory_.begin(slot) + near.begin, expected, near.end - near.begin) == 0;
  });
}

// Once the result is read, nobody needs the elements: with them poisoned too, one comparison is enough.
bool CaseMemory::gaps_intact(Slot slot) {
  const std::size_t i = index_of(slot);
  const TensorDescription& tensor = staged_.tensors[i];
  fill_elements(shape_of(tensor), tensor.dtype.bits / 8U, data(slot), strides_of(tensor), kPoison);
  if (near_[i].empty()) return all_poison(data(slot), tensor.bytes);
  return std::all_of(near_[i].begin(), near_[i].end(), [&](const Interval& near) {
    return all_poison(memory_.begin(slot) + near.begin, near.end - near.begin);
  });
}

// Only near the tensor, where a kernel that misses it writes: a slot can be much larger than its tensor.
bool CaseMemory::surroundings_intact(Slot slot) const {
  const std::size_t i = index_of(slot);
  if (!near_[i].empty()) return true;  // compared with the gaps, or with the image
  const std::uint64_t end = offsets_[i] + staged_.tensors[i].bytes;
  const std::uint64_t before = std::min(kPoisonReach, offsets_[i]);
  return all_poison(data(slot) - before, before) &&
         all_poison(memory_.begin(slot) + end, capacities()[i] - end);
}

void CaseMemory::collect(const Problem& p, RunOutcome& outcome) {
  outcome.result = {};
  for (std::size_t i = 0; i < kSlots; ++i) {
    const auto slot = static_cast<Slot>(i);
    const OutputTensor* output = output_in(slot);
    if (output != nullptr && output->is_wanted(p)) output->put(outcome.result, read(slot, output->dtype(p)));
  }
  const auto found = [&](Trespass trespass, std::string_view what, Slot slot) {
    unknown_[index_of(slot)] = {0, capacities()[index_of(slot)]};
    outcome.trespass = trespass;
    outcome.detail = fmt::format("{} {}", what, name_of(slot));
  };
  for (std::size_t i = 0; i < kSlots; ++i) {
    const Slot slot = static_cast<Slot>(i);
    if (!lives_here(staged_.tensors[i])) continue;
    const Tensor* input = input_of(p, slot);
    if (input != nullptr && !input_intact(slot, *input)) found(Trespass::input, "wrote to its input", slot);
    if (input == nullptr && has_gaps(staged_.tensors[i]) && !gaps_intact(slot)) {
      found(Trespass::outside, "wrote between the rows of", slot);
    }
    if (!surroundings_intact(slot)) found(Trespass::outside, "wrote outside", slot);
  }
}

}  // namespace attest::kernel
