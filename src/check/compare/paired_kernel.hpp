// One of two kernels that get the same cases.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kernel/kernel.hpp"

namespace attest::check {

/// Runs its own kernel. While it is together with the other kernel, it declines what either of them declines,
/// so that exploring it gives the region that both take.
class PairedKernel final : public kernel::Kernel {
 public:
  /// Both must outlive this. `name`: in reports.
  PairedKernel(kernel::Kernel& own, kernel::Kernel& other, const std::string& name)
      : own_(own), other_(other), info_(own.info()) {
    info_.name = name;
  }

  void together(bool on) { together_ = on; }
  /// Changes what is put to both together, so that both could take it.
  void fit_by(std::function<Problem(Problem)> fit) { fit_ = std::move(fit); }
  /// The next call returns this, without a run.
  void answer_with(kernel::RunOutcome outcome) { next_ = std::move(outcome); }

  const kernel::KernelInfo& info() const override { return info_; }
  kernel::RunOutcome run(const Problem& problem, const kernel::RunOptions& options) override;
  bool takes_layouts() const override { return own_.takes_layouts() && other_.takes_layouts(); }
  bool prefers_batches() const override { return own_.prefers_batches() || other_.prefers_batches(); }
  bool starts_for_each_call() const override {
    return own_.starts_for_each_call() || other_.starts_for_each_call();
  }
  void forget() override;
  void prefetch(const std::vector<Problem>& problems, std::chrono::milliseconds time_limit) override;

 private:
  kernel::Kernel& own_;
  kernel::Kernel& other_;
  kernel::KernelInfo info_;
  bool together_ = false;
  std::function<Problem(Problem)> fit_ = [](Problem problem) { return problem; };
  std::optional<kernel::RunOutcome> next_;
};

}  // namespace attest::check
