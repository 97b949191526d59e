// Several kernels that run the same problems as long as they give the same answers.
#pragma once

#include <memory>
#include <vector>

#include "kernel/kernel.hpp"

namespace attest::kernel {

/// Returns the first kernel's answers. The other kernels run every call too, until their answer differs in
/// status or in any bit. A campaign is a pure function of the answers, so its report on the first kernel
/// holds for every kernel that never differed. Measured memory is the first kernel's.
class Ensemble : public Kernel {
 public:
  /// At least one; they must outlive this.
  explicit Ensemble(std::vector<Kernel*> kernels)
      : kernels_(std::move(kernels)), same_(kernels_.size(), true) {}

  const KernelInfo& info() const override { return kernels_.front()->info(); }
  RunOutcome run(const Problem& problem, const RunOptions& options) override;
  void forget() override;
  bool takes_layouts() const override { return kernels_.front()->takes_layouts(); }

  /// Whether the kernel has given the first one's answers so far.
  bool same(std::size_t kernel) const { return same_[kernel]; }

  /// Whether two kernels can share a campaign: they declare the same, except for their names.
  static bool alike(const Kernel& a, const Kernel& b);

 private:
  std::vector<Kernel*> kernels_;
  std::vector<bool> same_;
};

}  // namespace attest::kernel
