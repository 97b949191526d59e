// attest_forward without pointers: what can be sent to another process, and made into attest_forward there.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <dlpack/dlpack.h>

#include "attest/kernel.h"
#include "problem/signature.hpp"

namespace attest::kernel {

/// The tensors of attest_forward, in the order of its fields: those of kForward. Each lives in a memory slot
/// of its own. The optional inputs, in the order of optional_inputs(), follow those named here.
enum class Slot : std::uint8_t { q, k, v, out, lse };
inline constexpr std::size_t kSlots = kForward.inputs.size() + kForward.outputs.size();

constexpr std::size_t index_of(Slot slot) { return static_cast<std::size_t>(slot); }
std::string_view name_of(Slot slot);
/// The output that lives in a slot; null for inputs.
constexpr const OutputTensor* output_in(Slot slot) {
  const std::size_t i = index_of(slot);
  const bool is_output = i >= kRequiredInputs && i < kRequiredInputs + kForward.outputs.size();
  return is_output ? &kForward.outputs[i - kRequiredInputs] : nullptr;
}
constexpr bool is_output(Slot slot) { return output_in(slot) != nullptr; }

template <class T>
using PerSlot = std::array<T, kSlots>;

struct TensorDescription {
  std::uint32_t present = 0;
  DLDataType dtype{};
  std::int32_t rank = 0;
  std::array<std::int64_t, 4> shape{};
  std::array<std::int64_t, 4> strides{};  ///< in elements
  std::uint64_t bytes = 0;                ///< that the layout spans; 0 when empty: data is then NULL
  std::int32_t lies_in = -1;              ///< the slot of another tensor that is this one too; -1: none
};

/// Bytes of the elements, those that share memory counted once.
std::uint64_t element_bytes(const TensorDescription& tensor);
/// Whether bytes lie between the elements.
bool has_gaps(const TensorDescription& tensor);
/// Whether a tensor spans so much more than its elements that what lies between them is left untouched.
bool is_sparse(const TensorDescription& tensor);
/// Whether any of the tensors is sparse.
bool reaches_far(const struct ForwardDescription& description);

std::vector<std::int64_t> shape_of(const TensorDescription& tensor);
std::vector<std::int64_t> strides_of(const TensorDescription& tensor);

struct ForwardDescription {
  PerSlot<TensorDescription> tensors;
  attest_forward numbers{};  ///< its numbers; no tensor
};

/// The tensor of a problem that fills a slot; null for outputs and absent optional tensors.
const Tensor* input_of(const Problem& problem, Slot slot);

/// Every tensor with the strides that the problem has it seen by.
/// Precondition: why_invalid(problem) is empty.
ForwardDescription describe_forward(const Problem& problem);

/// attest_forward and the DLTensors it points to, over data that outlives it.
class ForwardArguments {
 public:
  /// data[slot] is ignored for absent and empty tensors, and for those that lie in another's slot.
  ForwardArguments(const ForwardDescription& description, const PerSlot<std::byte*>& data);
  ForwardArguments(const ForwardArguments&) = delete;
  ForwardArguments& operator=(const ForwardArguments&) = delete;

  const attest_forward& problem() const { return problem_; }

 private:
  DLTensor* tensor(Slot slot);

  ForwardDescription description_;
  PerSlot<DLTensor> tensors_{};
  attest_forward problem_{};
};

}  // namespace attest::kernel
