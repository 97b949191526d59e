// Names the calls of a worker that is about to die.
#pragma once

#include <sys/types.h>

#include "kernel/kernel.hpp"
#include "kernel/worker/protocol.hpp"

namespace attest::kernel {

/// By the files that this process has mapped, and their symbol tables. Ends before the calls of the program
/// that hosts the kernel. Precondition: the process still lives, else no call has a name.
CrashSite name_calls(pid_t process, const Fault& fault, const CallStack& stack);

}  // namespace attest::kernel
