#include "kernel/in_process.hpp"

#include <exception>
#include <utility>

#include "kernel/run_status.hpp"

namespace attest {

InProcessKernel::InProcessKernel(KernelInfo info, Forward forward)
    : info_(std::move(info)), forward_(std::move(forward)), memory_(CaseMemory::Sharing::in_process) {
  memory_.set_alignment(info_.alignment);
}

RunOutcome InProcessKernel::run(const Problem& problem, const RunOptions& options) {
  const ForwardDescription description = describe_forward(problem);
  memory_.stage(problem, description, options);
  const ForwardArguments arguments(description, memory_.addresses());
  try {
    RunOutcome outcome = outcome_of_status(forward_(arguments.problem()));
    if (outcome.status == RunStatus::ok) memory_.collect(problem, outcome);
    return outcome;
  } catch (const std::exception& error) {
    return outcome_of_exception(error.what());
  }
}

}  // namespace attest
