// In a worker: tells the tool of a signal that is about to end it, and where the kernel was.
#pragma once

#include "kernel/memory/slot_memory.hpp"
#include "kernel/worker/protocol.hpp"

namespace attest::kernel {

/// From now on a fatal signal (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP) in a call of the kernel is
/// reported over the worker's socket: what it accessed, which tensor that is, and the calls. A call is on
/// while the request's sequence is not 0. The process then dies of the signal as it would have. Both objects
/// must outlive every later fault. A kernel that installs a handler of its own is not reported on.
void report_faults(const SlotMemory* memory, const RunRequest* request);

/// What an access that faulted at this address must have been. An inaccessible page between two tensors
/// counts for the nearer one.
Misaccess find_misaccess(const SlotMemory& memory, const RunRequest& request, const std::byte* address);

}  // namespace attest::kernel
