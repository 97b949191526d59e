// In a worker: tells the tool which tensor was misused, before the access that did it kills the process.
#pragma once

#include "kernel/memory/slot_memory.hpp"
#include "kernel/worker/protocol.hpp"

namespace attest::kernel {

/// From now on an access that the protection of a tensor's pages stops is reported over the worker's socket.
/// The process then dies of the signal as it would have. Both objects must outlive every later fault.
/// A kernel that installs a handler of its own for SIGSEGV is not reported on.
void report_faults(const SlotMemory* memory, const RunRequest* request);

/// What an access that faulted at this address must have been. An inaccessible page between two tensors
/// counts for the nearer one.
Misaccess find_misaccess(const SlotMemory& memory, const RunRequest& request, const std::byte* address);

}  // namespace attest::kernel
