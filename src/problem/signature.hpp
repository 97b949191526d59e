// What an operation of the ABI is given and what it returns. The lists of tensors that memory, files,
// validity, captures and the judge go through are those of a signature.
#pragma once

#include <span>
#include <string_view>

#include "problem/inputs.hpp"
#include "problem/outputs.hpp"

namespace attest {

struct Signature {
  std::string_view name;
  const char* symbol = nullptr;  ///< that a shared library exports, where the user names no other
  std::span<const Input> inputs;
  std::span<const Scalar> scalars;
  std::span<const OutputTensor> outputs;  ///< in the order of the ABI's fields
};

/// Attention of given queries to given keys and values.
inline constexpr Signature kForward{.name = "forward",
                                    .symbol = "attest_kernel_forward",
                                    .inputs = kInputs,
                                    .scalars = kScalars,
                                    .outputs = kOutputs};

}  // namespace attest
