// A correct kernel that a script interrupts: it declines, crashes, hangs or fails where the script says so.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "kernel/kernel.hpp"
#include "plain_kernel.hpp"

namespace attest::test {

class ScriptedKernel : public kernel::Kernel {
 public:
  using Script = std::function<std::optional<kernel::RunOutcome>(const Problem&, const kernel::RunOptions&)>;

  explicit ScriptedKernel(Script script, const std::string& contract = "")
      : plain_(plain_kernel(Fault::none)), script_(std::move(script)) {
    info_.name = "scripted";
    info_.contract = contract;
  }

  const kernel::KernelInfo& info() const override { return info_; }
  kernel::RunOutcome run(const Problem& problem, const kernel::RunOptions& options) override {
    ++calls;
    if (auto outcome = script_(problem, options)) return *outcome;
    kernel::RunOutcome outcome = plain_->run(problem, options);
    if (after) after(problem, outcome);
    return outcome;
  }

  std::function<void(const Problem&, kernel::RunOutcome&)>
      after;  ///< may change what the plain kernel answered
  std::int64_t calls = 0;

 protected:
  kernel::KernelInfo info_;

 private:
  std::unique_ptr<kernel::Kernel> plain_;
  Script script_;
};

inline kernel::RunOutcome ends_with(kernel::RunStatus status, int code = 0, const std::string& detail = "") {
  kernel::RunOutcome outcome;
  outcome.status = status;
  outcome.code = code;
  outcome.detail = detail;
  return outcome;
}

inline std::optional<kernel::RunOutcome> declined_if(bool condition) {
  return condition ? std::optional(ends_with(kernel::RunStatus::unsupported)) : std::nullopt;
}

}  // namespace attest::test
