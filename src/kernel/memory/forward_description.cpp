#include "kernel/memory/forward_description.hpp"

#include <algorithm>
#include <type_traits>
#include <variant>

#include "problem/poison.hpp"

namespace attest::kernel {
namespace {

TensorDescription describe_layout(DType dtype, const std::vector<std::int64_t>& shape,
                                  const std::vector<std::int64_t>& strides) {
  TensorDescription description;
  description.present = 1;
  description.dtype = to_dlpack(dtype);
  description.rank = static_cast<std::int32_t>(shape.size());
  std::copy(shape.begin(), shape.end(), description.shape.begin());
  std::copy(strides.begin(), strides.end(), description.strides.begin());
  description.bytes = static_cast<std::uint64_t>(storage_elements(shape, strides)) * size_of(dtype);
  return description;
}

static_assert(output_in(Slot::out)->output == Output::out && output_in(Slot::lse)->output == Output::lse);

// The input that lives in a slot; null for outputs.
const Input* input_in(std::size_t slot) {
  if (is_output(static_cast<Slot>(slot))) return nullptr;
  return &kForward.inputs[slot < kRequiredInputs ? slot : slot - kForward.outputs.size()];
}

attest_forward numbers_of(const Problem& p) {
  attest_forward numbers{};
  numbers.struct_size = sizeof numbers;
  numbers.abi = ATTEST_KERNEL_ABI;
  for (const Scalar& scalar : kForward.scalars) {
    std::visit(
        [&](auto from, auto to) {
          numbers.*to = static_cast<std::remove_reference_t<decltype(numbers.*to)>>(p.*from);
        },
        scalar.member, scalar.field);
  }
  return numbers;
}

}  // namespace

std::uint64_t element_bytes(const TensorDescription& t) {
  std::uint64_t bytes = t.dtype.bits / 8U;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(t.rank); ++axis) {
    const bool repeated = t.strides[axis] == 0 && t.shape[axis] != 0;
    bytes *= repeated ? 1 : static_cast<std::uint64_t>(t.shape[axis]);
  }
  return bytes;
}

bool has_gaps(const TensorDescription& t) { return t.bytes > element_bytes(t); }

bool is_sparse(const TensorDescription& t) { return leaves_pages_untouched(t.bytes, element_bytes(t)); }

bool reaches_far(const ForwardDescription& description) {
  return std::any_of(description.tensors.begin(), description.tensors.end(), is_sparse);
}

std::vector<std::int64_t> shape_of(const TensorDescription& t) {
  return {t.shape.begin(), t.shape.begin() + t.rank};
}

std::vector<std::int64_t> strides_of(const TensorDescription& t) {
  return {t.strides.begin(), t.strides.begin() + t.rank};
}

std::string_view name_of(Slot slot) {
  const OutputTensor* output = output_in(slot);
  return output != nullptr ? output->name : input_in(index_of(slot))->name;
}

const Tensor* input_of(const Problem& problem, Slot slot) {
  const Input* input = input_in(index_of(slot));
  return input == nullptr ? nullptr : input->of(problem);
}

ForwardDescription describe_forward(const Problem& p) {
  ForwardDescription description;
  for (std::size_t i = 0; i < kSlots; ++i) {
    const auto slot = static_cast<Slot>(i);
    const OutputTensor* output = output_in(slot);
    if (output != nullptr && output->is_wanted(p)) {
      description.tensors[i] = describe_layout(output->dtype(p), output->shape_in(p), output->strides_in(p));
    }
    if (const Tensor* input = input_of(p, slot)) {
      description.tensors[i] = describe_layout(input->dtype(), input->shape(), input->memory_strides());
    }
  }
  const auto tensor = [&](Slot slot) -> TensorDescription& { return description.tensors[index_of(slot)]; };
  if (k_lies_in_q(p)) tensor(Slot::k).lies_in = static_cast<std::int32_t>(Slot::q);
  if (v_lies_in_k(p)) {
    const std::int32_t also = tensor(Slot::k).lies_in;
    tensor(Slot::v).lies_in = also >= 0 ? also : static_cast<std::int32_t>(Slot::k);
  }
  description.numbers = numbers_of(p);
  return description;
}

ForwardArguments::ForwardArguments(const ForwardDescription& description, const PerSlot<std::byte*>& data)
    : description_(description), problem_(description.numbers) {
  for (std::size_t i = 0; i < kSlots; ++i) {
    TensorDescription& from = description_.tensors[i];
    DLTensor& to = tensors_[i];
    const std::size_t home = from.lies_in < 0 ? i : static_cast<std::size_t>(from.lies_in);
    to.data = from.bytes == 0 ? nullptr : data[home];
    to.device = DLDevice{kDLCPU, 0};
    to.ndim = from.rank;
    to.dtype = from.dtype;
    to.shape = from.shape.data();
    to.strides = from.strides.data();
    to.byte_offset = 0;
  }
  for (std::size_t i = 0; i < kSlots; ++i) {
    const auto slot = static_cast<Slot>(i);
    if (const Input* input = input_in(i)) problem_.*input->field = tensor(slot);
    if (const OutputTensor* output = output_in(slot)) problem_.*output->field = tensor(slot);
  }
}

DLTensor* ForwardArguments::tensor(Slot slot) {
  const std::size_t i = index_of(slot);
  return description_.tensors[i].present != 0 ? &tensors_[i] : nullptr;
}

}  // namespace attest::kernel
