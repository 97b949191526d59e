#include "kernel/worker/fault_report.hpp"

#include <csignal>

#include <sys/socket.h>

namespace attest::kernel {
namespace {

const SlotMemory* watched_memory = nullptr;
const RunRequest* watched_request = nullptr;

// Only what is safe in a signal handler. SA_RESETHAND makes the same access kill the process on return.
void on_fault(int /*signal*/, siginfo_t* info, void* /*context*/) {
  const auto* address = static_cast<const std::byte*>(info->si_addr);
  const Misaccess misaccess = find_misaccess(*watched_memory, *watched_request, address);
  if (misaccess.kind == Misaccess::Kind::none) return;
  RunReply reply;
  reply.sequence = watched_request->sequence;
  reply.answer = Answer::faulted;
  reply.misaccess = misaccess;
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

Misaccess find_misaccess(const SlotMemory& memory, const RunRequest& request, const std::byte* address) {
  Misaccess nearest;
  const auto consider = [&](Misaccess::Kind kind, Slot slot, std::ptrdiff_t bytes) {
    const auto distance = static_cast<std::uint64_t>(bytes);
    if (nearest.kind == Misaccess::Kind::none || distance < nearest.bytes) nearest = {kind, slot, distance};
  };
  for (std::size_t i = 0; i < kSlots; ++i) {
    const Slot slot = static_cast<Slot>(i);
    const std::uint64_t size = request.forward.tensors[i].bytes;
    if (size == 0 || request.forward.tensors[i].lies_in >= 0) continue;
    const std::byte* const begin = memory.begin(slot) + request.offsets[i];
    const std::byte* const end = begin + size;
    const auto page = static_cast<std::ptrdiff_t>(SlotMemory::page_size());
    if (address < memory.begin(slot) - page || address >= memory.end(slot) + page) continue;
    if (address >= end) {
      consider(Misaccess::Kind::past_end, slot, address - end + 1);
    } else if (address < begin) {
      consider(Misaccess::Kind::before_begin, slot, begin - address);
    } else if (!is_output(slot)) {
      return {Misaccess::Kind::input_write, slot, static_cast<std::uint64_t>(address - begin)};
    }
  }
  return nearest;
}

}  // namespace attest::kernel
