#include "kernel/worker/fault_report.hpp"

#include <array>
#include <atomic>
#include <csignal>

#include <poll.h>
#include <sys/socket.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

namespace attest::kernel {
namespace {

constexpr std::array kFatal{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP};

const SlotMemory* watched_memory = nullptr;
const RunRequest* watched_request = nullptr;
pid_t watched_process = 0;
std::atomic_flag reporting;

// For a kernel that has used up its own.
alignas(16) std::array<std::byte, std::size_t{256} << 10> handler_stack;

std::uint64_t instruction_of(const ucontext_t& context) {
#if defined(__x86_64__)
  return static_cast<std::uint64_t>(context.uc_mcontext.gregs[REG_RIP]);
#elif defined(__aarch64__)
  return context.uc_mcontext.pc;
#else
  return 0;
#endif
}

// Of a function that has not set up its frame, as where a call went to no code.
std::uint64_t return_address_of(const ucontext_t& context) {
#if defined(__x86_64__)
  return *reinterpret_cast<const std::uint64_t*>(context.uc_mcontext.gregs[REG_RSP]);
#elif defined(__aarch64__)
  return context.uc_mcontext.regs[30];
#else
  return 0;
#endif
}

struct Walk {
  std::uint64_t from = 0;  // calls further inside are those of the handler
  CallStack stack;
};

_Unwind_Reason_Code add_call(_Unwind_Context* context, void* data) {
  Walk& walk = *static_cast<Walk*>(data);
  const std::uint64_t at = _Unwind_GetIP(context);
  if (walk.stack.count == 0 && at != walk.from) return _URC_NO_REASON;
  if (walk.stack.count == walk.stack.at.size()) return _URC_END_OF_STACK;
  walk.stack.at[walk.stack.count++] = at;
  return _URC_NO_REASON;
}

CallStack calls_of(const ucontext_t& context) {
  Walk walk;
  walk.from = instruction_of(context);
  ::_Unwind_Backtrace(add_call, &walk);
  if (walk.stack.count <= 1) {
    walk.stack.at[0] = walk.from;
    walk.stack.at[1] = return_address_of(context);
    walk.stack.count = 2;
  }
  return walk.stack;
}

template <class Message>
void send_message(const Message& message) {
  ::send(kWorkerSocket, &message, sizeof message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

// The tool reads this process's mappings before it answers.
void await_answer() {
  constexpr int kMilliseconds = 2000;
  pollfd socket{kWorkerSocket, POLLIN, 0};
  ::poll(&socket, 1, kMilliseconds);
}

// First what needs no stack to be sound.
void report(int signal, const siginfo_t& info, const ucontext_t& context) {
  RunReply reply;
  reply.sequence = watched_request->sequence;
  reply.answer = Answer::faulted;
  reply.fault.signal = signal;
  reply.fault.at = instruction_of(context);
  const bool of_access = signal == SIGSEGV || signal == SIGBUS;
  if (of_access && info.si_code > 0 && info.si_code != SI_KERNEL) {
    reply.fault.has_address = 1;
    reply.fault.address = reinterpret_cast<std::uint64_t>(info.si_addr);
    reply.fault.misaccess =
        find_misaccess(*watched_memory, *watched_request, static_cast<const std::byte*>(info.si_addr));
  }
  send_message(reply);
  send_message(calls_of(context));
  await_answer();
}

// Only what is safe in a signal handler: the unwinder of libgcc takes no lock and allocates nothing once it
// has run. A fault in here ends the process, because the signal is blocked.
void on_fault(int signal, siginfo_t* info, void* context) {
  if (::getpid() == watched_process && watched_request->sequence != 0) {
    while (reporting.test_and_set()) ::pause();  // another thread does, and ends the process
    report(signal, *info, *static_cast<const ucontext_t*>(context));
  }
  ::signal(signal, SIG_DFL);
  ::raise(signal);  // comes when this returns
}

_Unwind_Reason_Code ignore_call(_Unwind_Context* /*context*/, void* /*data*/) { return _URC_NO_REASON; }

}  // namespace

void report_faults(const SlotMemory* memory, const RunRequest* request) {
  watched_memory = memory;
  watched_request = request;
  watched_process = ::getpid();
  ::_Unwind_Backtrace(ignore_call, nullptr);  // what it sets up on its first run
  const stack_t stack{.ss_sp = handler_stack.data(), .ss_flags = 0, .ss_size = handler_stack.size()};
  ::sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  for (const int signal : kFatal) ::sigaction(signal, &action, nullptr);
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
