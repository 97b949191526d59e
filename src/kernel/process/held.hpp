// What this process holds: heap, address space, descriptors, threads.
#pragma once

#include "kernel/kernel.hpp"

namespace attest::kernel {

/// Heap as glibc's allocator counts it: 0 under another allocator.
Held held_now();

}  // namespace attest::kernel
