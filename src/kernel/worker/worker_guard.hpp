// What a worker process sets up for itself before it loads a kernel.
#pragma once

#include <sys/types.h>

namespace attest::kernel {

/// Makes this process die with the tool, leave no core files, die of fatal signals by themselves (a
/// sanitizer's handlers would turn them into exits), and write what it prints line by line. Ends the process
/// at once when the tool has died already.
void guard_worker(pid_t tool);

}  // namespace attest::kernel
