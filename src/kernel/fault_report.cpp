#include "kernel/fault_report.hpp"

#include <csignal>

#include <sys/socket.h>

namespace attest {
namespace {

const SlotMemory* watched_memory = nullptr;
const RunRequest* watched_request = nullptr;

// Only what is safe in a signal handler. SA_RESETHAND makes the same access kill the process on return.
void on_fault(int /*signal*/, siginfo_t* info, void* /*context*/) {
  const auto* address = static_cast<const std::byte*>(info->si_addr);
  const Overrun overrun = find_overrun(*watched_memory, *watched_request, address);
  if (overrun.bytes == 0) return;
  RunReply reply;
  reply.sequence = watched_request->sequence;
  reply.answer = Answer::faulted;
  reply.faulted = overrun.slot;
  reply.overrun = overrun.bytes;
  ::send(kWorkerSocket, &reply, sizeof reply, MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

void report_faults(const SlotMemory* memory, const RunRequest* request) {
  watched_memory = memory;
  watched_request = request;
  struct sigaction action {};
  action.sa_sigaction = on_fault;
  action.sa_flags = static_cast<int>(SA_SIGINFO | SA_RESETHAND);
  ::sigaction(SIGSEGV, &action, nullptr);
}

Overrun find_overrun(const SlotMemory& memory, const RunRequest& request, const std::byte* address) {
  for (std::size_t i = 0; i < kSlots; ++i) {
    const Slot slot = static_cast<Slot>(i);
    const std::uint64_t size = request.forward.tensors[i].bytes;
    const std::byte* guard = memory.end(slot);
    if (size == 0 || address < guard || address >= guard + SlotMemory::page_size()) continue;
    const std::byte* data_end = memory.begin(slot) + request.offsets[i] + size;
    return {slot, static_cast<std::uint64_t>(address - data_end) + 1};
  }
  return {};
}

}  // namespace attest
