// Answers calls that were made before from memory.
#pragma once

#include <deque>

#include "kernel/kernel.hpp"

namespace attest::check {

/// Whether a kernel would be given the same.
bool same_problem(const Problem& a, const Problem& b);

/// A search asks the same calls under one contract after the other. Kernels that start a process for each
/// call would take minutes.
class RecordedKernel final : public kernel::Kernel {
 public:
  explicit RecordedKernel(kernel::Kernel& kernel) : kernel_(kernel) {}

  const kernel::KernelInfo& info() const override { return kernel_.info(); }
  kernel::RunOutcome run(const Problem& problem, const kernel::RunOptions& options) override;
  bool takes_layouts() const override { return kernel_.takes_layouts(); }
  void forget() override;
  bool prefers_batches() const override { return kernel_.prefers_batches(); }
  bool starts_for_each_call() const override { return kernel_.starts_for_each_call(); }

 private:
  struct Entry {
    Problem problem;
    kernel::RunOptions options;
    kernel::RunOutcome outcome;
  };

  kernel::Kernel& kernel_;
  std::deque<Entry> entries_;
};

}  // namespace attest::check
