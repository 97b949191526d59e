// A correct kernel that a script interrupts: it declines, crashes, hangs or fails where the script says so.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "kernel/kernel.hpp"
#include "plain_kernel.hpp"

namespace attest::test {

class ScriptedKernel : public Kernel {
 public:
  using Script = std::function<std::optional<RunOutcome>(const Problem&, const RunOptions&)>;

  explicit ScriptedKernel(Script script, const std::string& contract = "")
      : plain_(plain_kernel(Fault::none)), script_(std::move(script)) {
    info_.name = "scripted";
    info_.contract = contract;
  }

  const KernelInfo& info() const override { return info_; }
  RunOutcome run(const Problem& problem, const RunOptions& options) override {
    ++calls;
    if (auto outcome = script_(problem, options)) return *outcome;
    RunOutcome outcome = plain_->run(problem, options);
    if (after) after(problem, outcome);
    return outcome;
  }

  std::function<void(const Problem&, RunOutcome&)> after;  ///< may change what the plain kernel answered
  std::int64_t calls = 0;

 protected:
  KernelInfo info_;

 private:
  std::unique_ptr<Kernel> plain_;
  Script script_;
};

inline RunOutcome ends_with(RunStatus status, int code = 0, const std::string& detail = "") {
  RunOutcome outcome;
  outcome.status = status;
  outcome.code = code;
  outcome.detail = detail;
  return outcome;
}

inline std::optional<RunOutcome> declined_if(bool condition) {
  return condition ? std::optional(ends_with(RunStatus::unsupported)) : std::nullopt;
}

}  // namespace attest::test
