#include "kernel/worker/worker_kernel.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "kernel/command/exec_kernel.hpp"
#include "kernel/compiling.hpp"
#include "kernel/kernel_spec.hpp"
#include "kernel/process/processor_use.hpp"
#include "kernel/python_spec.hpp"
#include "kernel/run_status.hpp"
#include "kernel/unavailable.hpp"
#include "kernel/worker/crash_site.hpp"
#include "kernel/worker/protocol.hpp"

namespace attest::kernel {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

KernelInfo info_from(const OpenReply& reply) {
  return {.name = reply.name.get(),
          .version = reply.version.get(),
          .contract = reply.contract.get(),
          .alignment = reply.alignment,
          .kv_lens_by_mask = reply.kv_lens_by_mask.get(),
          .threads = reply.threads,
          .loading = reply.loading.get(),
          .loading_flushes = reply.loading_flushes != 0,
          .unconfined = reply.unconfined.get()};
}

// To follow "killed by signal 11 (Segmentation fault)".
std::string words_for(const Misaccess& access) {
  const std::string_view name = name_of(access.slot);
  const char* s = access.bytes == 1 ? "" : "s";
  switch (access.kind) {
    case Misaccess::Kind::past_end:
      return fmt::format(" {} byte{} past the end of {}", access.bytes, s, name);
    case Misaccess::Kind::before_begin:
      return fmt::format(" {} byte{} before the start of {}", access.bytes, s, name);
    case Misaccess::Kind::input_write:
      return fmt::format(" writing to byte {} of its input {}", access.bytes, name);
    case Misaccess::Kind::none:
      break;
  }
  return "";
}

struct Look {
  explicit Look(pid_t process) : uses(processor_uses(process)) {}
  ProcessorUses uses;
  steady_clock::time_point at = steady_clock::now();
};

ProcessorLooks between(const Look& before, const Look& after, int processors) {
  return {
      .before = before.uses, .after = after.uses, .apart = after.at - before.at, .processors = processors};
}

}  // namespace

WorkerKernel::WorkerKernel(std::string spec, milliseconds open_limit)
    : spec_(std::move(spec)), open_limit_(open_limit) {
  start();
}

void WorkerKernel::start() {
  CaseMemory memory(CaseMemory::Sharing::with_worker);
  auto process = std::make_unique<WorkerProcess>(spec_, memory.file());
  OpenReply reply;
  switch (process->receive(&reply, sizeof reply, steady_clock::now() + open_limit_)) {
    case WorkerProcess::Wait::received:
      break;
    case WorkerProcess::Wait::timed_out:
      throw KernelOpenError(
          fmt::format("{} did not finish loading within {} ms", spec_, open_limit_.count()));
    case WorkerProcess::Wait::ended:
      if (const int error = process->start_error(); error != 0)
        throw std::system_error(error, std::generic_category(), "cannot start a process for the kernel");
      if (std::string end = process->end().text; computes_on_device(spec_)) {
        throw KernelUnavailable(spec_, "its driver crashed: " + end);
      } else {
        throw KernelOpenError(fmt::format("{} crashed its process while loading: {}", spec_, end));
      }
  }
  if (reply.opened == 0 && reply.unavailable != 0) throw KernelUnavailable(spec_, reply.error.get());
  if (reply.opened == 0) throw KernelOpenError(reply.error.get());
  info_ = info_from(reply);
  if (!info_.loading.empty()) process->end_left_processes();  // else each call would seem to leave them
  memory_.emplace(std::move(memory));
  memory_->set_alignment(info_.alignment);
  process_ = std::move(process);
}

RunOutcome WorkerKernel::run(const Problem& problem, const RunOptions& options) {
  if (!process_) {
    try {
      start();
    } catch (const KernelOpenError& error) {
      RunOutcome outcome;
      outcome.status = RunStatus::crashed;
      outcome.detail = fmt::format("cannot be opened again after a crash: {}", error.what());
      return outcome;
    }
  }
  return ask(problem, options);
}

RunOutcome WorkerKernel::ask(const Problem& problem, const RunOptions& options) {
  RunRequest request;
  request.sequence = ++sequence_;
  request.forward = describe_forward(problem);
  memory_->stage(problem, request.forward, options);
  request.capacities = memory_->capacities();
  request.offsets = memory_->offsets();
  request.fresh_memory = std::to_integer<std::uint8_t>(options.fresh_memory);
  request.measure_heap = options.measure_heap ? 1 : 0;
  request.measure_held = options.measure_held ? 1 : 0;
  request.threads = options.threads;
  request.form = form_;
  process_->forget_output();
  if (!process_->send(&request, sizeof request)) return after_end();

  RunReply reply;
  switch (receive_answer(reply, options.time_limit)) {
    case WorkerProcess::Wait::received:
      return understand(reply, problem);
    case WorkerProcess::Wait::ended:
      return after_end();
    case WorkerProcess::Wait::timed_out:
      break;
  }
  RunOutcome outcome;
  outcome.status = RunStatus::timed_out;
  outcome.detail = fmt::format("no answer within {} ms{}", options.time_limit.count(),
                               process_->is_stopped() ? ": a signal stopped its process" : "");
  outcome.printed = process_->printed();
  process_.reset();
  return outcome;
}

// Time in which the worker was ready to run while others had the processors does not count: on a busy machine
// a right kernel would seem to hang.
WorkerProcess::Wait WorkerKernel::receive_in_time(RunReply& reply, milliseconds time_limit) {
  constexpr milliseconds kUnwatched{50};  // nearly all calls end before, so few ask the system
  constexpr milliseconds kBetweenLooks{20};
  constexpr int kMostExtensions = 29;  // in time limits
  const auto start = steady_clock::now();
  const auto receive_until = [&](milliseconds time) {
    return process_->receive(&reply, sizeof reply, start + time);
  };
  auto wait = receive_until(std::min(time_limit, kUnwatched));
  if (wait != WorkerProcess::Wait::timed_out) return wait;
  const int processors = processors_of(process_->pid());
  const Look first(process_->pid());
  for (milliseconds allowed = time_limit; allowed <= (1 + kMostExtensions) * time_limit;) {
    wait = receive_until(allowed);
    if (wait != WorkerProcess::Wait::timed_out) return wait;
    const Look before(process_->pid());
    wait = receive_until(allowed + kBetweenLooks);
    if (wait != WorkerProcess::Wait::timed_out) return wait;
    const Look after(process_->pid());
    const milliseconds elapsed = std::chrono::floor<milliseconds>(steady_clock::now() - start);
    const milliseconds extended =
        time_limit + std::chrono::floor<milliseconds>(kept_waiting(between(first, after, processors)));
    if (extended <= elapsed && !waits_for_others(between(before, after, processors))) return wait;
    allowed = std::max(extended, elapsed);
  }
  return wait;
}

// Compiling has a time limit of its own.
WorkerProcess::Wait WorkerKernel::receive_answer(RunReply& reply, milliseconds time_limit) {
  auto wait = receive_in_time(reply, time_limit);
  if (wait != WorkerProcess::Wait::received || reply.answer != Answer::compiling ||
      reply.sequence != sequence_)
    return wait;
  const Compiling compiling;
  return process_->receive(&reply, sizeof reply, steady_clock::now() + kCompileTimeLimit);
}

RunOutcome WorkerKernel::understand(const RunReply& reply, const Problem& problem) {
  if (reply.sequence != sequence_ || index_of(reply.fault.misaccess.slot) >= kSlots) return after_end();
  if (reply.answer == Answer::faulted) return after_fault(reply.fault);
  RunOutcome outcome = outcome_of(reply, problem);
  outcome.printed = process_->printed();
  return outcome;
}

RunOutcome WorkerKernel::outcome_of(const RunReply& reply, const Problem& problem) {
  switch (reply.answer) {
    case Answer::threw:
      return outcome_of_exception(reply.text.get());
    case Answer::no_threads: {
      RunOutcome outcome;
      outcome.status = RunStatus::unsupported;
      outcome.detail = kNoThreads;
      return outcome;
    }
    case Answer::compiling:
    case Answer::faulted:
    case Answer::returned:
      break;
  }
  RunOutcome outcome = outcome_of_status(reply.status);
  if (outcome.status == RunStatus::ok) memory_->collect(problem, outcome);
  if (outcome.status == RunStatus::ok && reply.trespass != Trespass::none) {
    outcome.trespass = reply.trespass;
    outcome.detail = reply.text.get();
  }
  if (reply.stack_bytes != 0) outcome.memory.stack_bytes = reply.stack_bytes;
  if (reply.heap_measured != 0) outcome.memory.heap_bytes = reply.heap_bytes;
  if (reply.held_measured != 0) outcome.held = reply.held;
  outcome.environment = reply.environment.get();
  if (reply.left_processes != 0) process_->end_left_processes();
  return outcome;
}

RunOutcome WorkerKernel::after_fault(const Fault& fault) {
  constexpr milliseconds kUnwinding{1000};
  CallStack stack;
  const bool told = process_->receive(&stack, sizeof stack, steady_clock::now() + kUnwinding) ==
                    WorkerProcess::Wait::received;
  CrashSite site = name_calls(process_->pid(), fault, told ? stack : CallStack{});
  constexpr char kAnswer = 0;
  process_->send(&kAnswer, sizeof kAnswer);
  RunOutcome outcome = after_end(words_for(fault.misaccess), fault.signal);
  outcome.crash = std::move(site);
  if (fault.misaccess.kind == Misaccess::Kind::input_write)
    outcome.trespass = Trespass::input;
  else if (fault.misaccess.kind != Misaccess::Kind::none)
    outcome.trespass = Trespass::outside;
  return outcome;
}

RunOutcome WorkerKernel::after_end(const std::string& where, int announced) {
  WorkerEnd end = process_->end(where, announced);
  process_.reset();
  RunOutcome outcome;
  outcome.status = RunStatus::crashed;
  outcome.code = end.signal;
  outcome.detail = std::move(end.text);
  outcome.printed = std::move(end.printed);
  return outcome;
}

std::unique_ptr<Kernel> open_kernel(const std::string& spec) {
  if (const auto command = command_of_spec(spec)) {
    return std::make_unique<ExecKernel>(command->command, command->order);
  }
  return std::make_unique<WorkerKernel>(spec, is_python_spec(spec) ? kImportTimeLimit : kOpenTimeLimit);
}

}  // namespace attest::kernel
