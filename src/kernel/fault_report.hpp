// In a worker: tells the tool which tensor was overrun, before the access that did it kills the process.
#pragma once

#include "kernel/protocol.hpp"
#include "kernel/slot_memory.hpp"

namespace attest {

/// From now on an access to the inaccessible page after a tensor of *request is reported over the worker's
/// socket. The process then dies of the signal as it would have. Both objects must outlive every later fault.
/// A kernel that installs a handler of its own for SIGSEGV is not reported on.
void report_faults(const SlotMemory* memory, const RunRequest* request);

/// The slot whose tensor ends before this address, and by how many bytes it is overrun (1: the first byte
/// past it); 0 when the address is in no inaccessible page after a tensor.
struct Overrun {
  Slot slot = Slot::q;
  std::uint64_t bytes = 0;
};
Overrun find_overrun(const SlotMemory& memory, const RunRequest& request, const std::byte* address);

}  // namespace attest
