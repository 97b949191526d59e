#include "kernel/worker/host.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/memory/memory_gauge.hpp"
#include "kernel/process/held.hpp"
#include "kernel/process/process_state.hpp"
#include "kernel/process/process_tree.hpp"
#include "kernel/unavailable.hpp"
#include "kernel/worker/confinement.hpp"
#include "kernel/worker/fault_report.hpp"
#include "kernel/worker/protocol.hpp"
#include "problem/inputs.hpp"

namespace attest::kernel {
namespace {

template <class Message>
bool send_message(const Message& message) {
  return ::send(kWorkerSocket, &message, sizeof message, MSG_NOSIGNAL) ==
         static_cast<ssize_t>(sizeof message);
}

void reap_children() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

// "changes the rounding mode; tries to signal another process; leaves 1 process running".
std::string deeds_since(const ProcessState& before, int left_processes) {
  // First of all: what follows makes system calls of its own.
  const std::string attempts = take_attempts(left_processes > 0 ? Sessions::left_out : Sessions::included);
  std::vector<std::string> clauses;
  if (const std::string changed = before.changes(ProcessState::now()); !changed.empty())
    clauses.push_back("changes " + changed);
  if (!attempts.empty()) clauses.push_back(attempts);
  if (left_processes > 0)
    clauses.push_back(
        fmt::format("leaves {} process{} running", left_processes, left_processes == 1 ? "" : "es"));
  return fmt::format("{}", fmt::join(clauses, "; "));
}

// What a library sets when it is loaded holds for its calls too, as it does in production.
void report_loading(OpenReply& reply, LoadingCounts counts, ProcessState before) {
  const ProcessState loaded = ProcessState::now();
  if (counts != LoadingCounts::everything) before.accept_variables(loaded);
  reply.loading_flushes = loaded.floats().flushes() && !before.floats().flushes() ? 1 : 0;
  if (reply.loading_flushes != 0) before.accept_flushing(loaded);
  const std::string deeds = deeds_since(before, LeftProcesses(::getppid()).count());
  if (counts != LoadingCounts::flushing) reply.loading.set(deeds);
}

std::string confine_if(bool now, Confined confined) {
  constexpr const char* kNever = "it computes on a device, whose driver needs what the filter denies";
  if (confined == Confined::never) return kNever;
  return now ? confine(confined == Confined::after_loading ? FilterReach::all_threads
                                                           : FilterReach::one_thread)
             : "";
}

std::unique_ptr<Implementation> open_and_report(const Host& host) {
  auto reply = std::make_unique<OpenReply>();
  std::unique_ptr<Implementation> implementation;
  reply->unconfined.set(confine_if(host.confined == Confined::from_the_start, host.confined));
  const ProcessState before = ProcessState::now();
  try {
    implementation = host.open();
    const KernelInfo info = implementation->info();
    reply->opened = 1;
    reply->alignment = info.alignment;
    reply->threads = info.threads;
    reply->name.set(info.name);
    reply->version.set(info.version);
    reply->contract.set(info.contract);
    reply->kv_lens_by_mask.set(info.kv_lens_by_mask);
    report_loading(*reply, host.loading, before);
    if (host.confined == Confined::after_loading) reply->unconfined.set(confine_if(true, host.confined));
  } catch (const KernelUnavailable& error) {
    reply->unavailable = 1;
    reply->error.set(error.why);
  } catch (const std::exception& error) {
    reply->error.set(error.what());
  }
  const bool sent = send_message(*reply);
  return sent && reply->opened != 0 ? std::move(implementation) : nullptr;
}

// The number of threads stays until another is asked for, so a request without one puts the first back.
class Threads {
 public:
  bool serves(Implementation& implementation, int wanted) {
    if (wanted == set_) return true;
    if (!implementation.set_threads(wanted)) return false;
    set_ = wanted;
    return true;
  }

 private:
  int set_ = 0;
};

// The form stays until another is asked for.
class Forms {
 public:
  bool serves(Implementation& implementation, int wanted) {
    if (wanted == set_) return true;
    const auto form = static_cast<std::size_t>(wanted);
    if (!implementation.set_form(wanted < 0 ? std::nullopt : std::optional(form))) return false;
    set_ = wanted;
    return true;
  }

 private:
  int set_ = -1;
};

// What the kernel printed without ending the line. Not where it left the stream locked.
void show_prints() {
  if (::ftrylockfile(stdout) != 0) return;
  ::fflush_unlocked(stdout);
  ::funlockfile(stdout);
}

RunReply answer(Implementation& implementation, const RunRequest& request, const SlotMemory& memory,
                StackGauge& stack, Threads& threads, Forms& forms, const ProcessState& before,
                const LeftProcesses& children) {
  PerSlot<std::byte*> data{};
  for (std::size_t i = 0; i < kSlots; ++i) data[i] = memory.begin(static_cast<Slot>(i)) + request.offsets[i];
  const ForwardArguments arguments(request.forward, data);
  RunReply reply;
  reply.sequence = request.sequence;
  if (!threads.serves(implementation, request.threads)) {
    reply.answer = Answer::no_threads;
    return reply;
  }
  if (!forms.serves(implementation, request.form) || !reads_inputs_of(implementation, arguments.problem())) {
    reply.status = ATTEST_UNSUPPORTED;
    return reply;
  }
  reap_children();  // of an earlier call: the tool has ended them
  take_attempts();
  const auto fresh = static_cast<std::byte>(request.fresh_memory);
  fill_new_allocations(fresh);
  std::optional<HeapGauge> heap;
  // Pages of a sparse tensor come with the call's accesses, and would count as heap.
  if (request.measure_heap != 0 && !reaches_far(request.forward)) {
    touch(memory);
    heap.emplace();
  }
  stack.paint(fresh);
  try {
    reply.status = implementation.forward(arguments.problem());
    reply.stack_bytes = stack.used();
    if (heap) {
      const std::optional<std::uint64_t> bytes = heap->peak_bytes();
      reply.heap_measured = bytes ? 1 : 0;
      reply.heap_bytes = bytes.value_or(0);
    }
  } catch (const DeviceTrespass& found) {
    reply.status = ATTEST_OK;
    reply.trespass = found.kind;
    reply.text.set(found.what());
  } catch (const std::exception& error) {
    reply.answer = Answer::threw;
    reply.text.set(error.what());
  } catch (...) {
    reply.answer = Answer::threw;
    reply.text.set("not a std::exception");
  }
  show_prints();
  if (request.measure_held != 0) {
    reply.held = held_now();
    reply.held_measured = 1;
  }
  const int left = children.count();
  reply.left_processes = left > 0 ? 1 : 0;
  if (const std::string deeds = deeds_since(before, left); !deeds.empty()) {
    reply.environment.set(deeds);
    before.restore();
  }
  return reply;
}

void serve(Implementation& implementation, SlotMemory& memory, RunRequest& request) {
  StackGauge stack;
  Threads threads;
  Forms forms;
  const ProcessState before = ProcessState::now();  // of all calls: what one changes is put back
  const LeftProcesses children(::getppid());
  implementation.compiles = [&request] {
    RunReply reply;
    reply.sequence = request.sequence;
    reply.answer = Answer::compiling;
    send_message(reply);
  };
  while (::recv(kWorkerSocket, &request, sizeof request, 0) == static_cast<ssize_t>(sizeof request)) {
    memory.resize(request.capacities);
    const RunReply reply = answer(implementation, request, memory, stack, threads, forms, before, children);
    request.sequence = 0;  // no call is on
    if (!send_message(reply)) return;
  }
}

}  // namespace

bool reads_inputs_of(const Implementation& implementation, const attest_forward& problem) {
  const auto inputs = optional_inputs();
  return std::all_of(inputs.begin(), inputs.end(), [&](const Input& input) {
    return problem.*input.field == nullptr || implementation.reads(input.name);
  });
}

void host_kernel(const Host& host) {
  SlotMemory memory(kWorkerMemory, {}, host.access);
  RunRequest request;
  report_faults(&memory, &request);  // before the library is loaded, so that handlers of its own win
  if (const auto implementation = open_and_report(host)) serve(*implementation, memory, request);
  // Not exit(): destructors of a library under test may crash or hang, and nobody is left to be told.
  ::_exit(0);
}

void refuse_kernel(const std::string& why) {
  const auto reply = std::make_unique<OpenReply>();
  reply->error.set(why);
  send_message(*reply);
  ::_exit(0);
}

}  // namespace attest::kernel
