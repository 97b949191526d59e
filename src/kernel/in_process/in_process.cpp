#include "kernel/in_process/in_process.hpp"

#include <exception>
#include <utility>

#include "kernel/process/process_state.hpp"
#include "kernel/run_status.hpp"

namespace attest::kernel {

InProcessKernel::InProcessKernel(KernelInfo info, Forward forward, std::function<void(int)> set_threads)
    : info_(std::move(info)),
      forward_(std::move(forward)),
      set_threads_(std::move(set_threads)),
      memory_(CaseMemory::Sharing::in_process) {
  memory_.set_alignment(info_.alignment);
}

RunOutcome InProcessKernel::run(const Problem& problem, const RunOptions& options) {
  if (options.threads != 0) {
    if (!set_threads_) {
      RunOutcome declined;
      declined.status = RunStatus::unsupported;
      declined.detail = kNoThreads;
      return declined;
    }
    set_threads_(options.threads);
  }
  const ForwardDescription description = describe_forward(problem);
  memory_.stage(problem, description, options);
  const ForwardArguments arguments(description, memory_.addresses());
  const ProcessState before = ProcessState::now();
  try {
    RunOutcome outcome = outcome_of_status(forward_(arguments.problem()));
    if (const std::string changed = before.changes(ProcessState::now()); !changed.empty()) {
      outcome.environment = "changes " + changed;
      before.restore();
    }
    if (outcome.status == RunStatus::ok) memory_.collect(problem, outcome);
    return outcome;
  } catch (const std::exception& error) {
    return outcome_of_exception(error.what());
  }
}

}  // namespace attest::kernel
