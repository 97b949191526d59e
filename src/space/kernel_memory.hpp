// The heap use of a kernel under test by length, to check claims such as "O(1) workspace".
#pragma once

#include <string>

#include "kernel/kernel.hpp"
#include "space/growth.hpp"

namespace attest::space {

struct KernelMemory {
  std::string name;
  Growth heap;           ///< growth of resident memory to its peak during a call
  std::string declined;  ///< why it was not measured at some length; empty: measured at all lengths
};

/// Runs one causal problem of one head in f32, with as many queries as keys, at each length. Measures the
/// second call, which excludes one-time setup.
KernelMemory measure_kernel_memory(kernel::Kernel& kernel);

}  // namespace attest::space
