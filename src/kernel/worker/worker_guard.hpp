// What a worker process sets up for itself before it loads a kernel.
#pragma once

namespace attest::kernel {

/// Makes this process leave no core files, die of fatal signals by themselves (a sanitizer's handlers would
/// turn them into exits), and write what it prints line by line. Limits its memory, files and descriptors,
/// and offers it to the system where memory runs out.
void guard_worker();

}  // namespace attest::kernel
