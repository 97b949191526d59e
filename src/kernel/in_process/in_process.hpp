// A kernel in this process, for tests and emulation.
#pragma once

#include <functional>

#include "kernel/kernel.hpp"
#include "kernel/memory/case_memory.hpp"

namespace attest::kernel {

/// Lays out, prefills and copies results as for a worker, guard pages included; but a crash is this
/// process's. An exception is an outcome (failed); time_limit is not enforced.
class InProcessKernel : public Kernel {
 public:
  using Forward = std::function<int(const attest_forward&)>;

  /// forward returns as the ABI says. info.alignment: 0 or a power of two that is at most kMaxAlignment.
  /// set_threads: empty when the number of threads cannot be set.
  InProcessKernel(KernelInfo info, Forward forward, std::function<void(int)> set_threads = {});

  const KernelInfo& info() const override { return info_; }
  RunOutcome run(const Problem& problem, const RunOptions& options) override;

 private:
  KernelInfo info_;
  Forward forward_;
  std::function<void(int)> set_threads_;
  CaseMemory memory_;
};

}  // namespace attest::kernel
