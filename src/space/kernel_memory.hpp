// The heap that a kernel under test takes, by length: so that "O(1) workspace" is checked too.
#pragma once

#include <string>

#include "kernel/kernel.hpp"
#include "space/growth.hpp"

namespace attest {

struct KernelMemory {
  std::string name;
  Growth heap;           ///< growth of resident memory to its peak during a call
  std::string declined;  ///< why it was not measured at some length; empty: it was at all
};

/// One causal problem of one head in f32, as many queries as keys, at each length; the second call counts, so
/// that what the first sets up once does not.
KernelMemory measure_kernel_memory(Kernel& kernel);

}  // namespace attest
