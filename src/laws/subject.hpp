// One problem on one kernel, as the laws see it. It runs once and is judged once, however many laws use it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "kernel/kernel.hpp"
#include "oracle/contract/contract.hpp"
#include "oracle/judge/judge.hpp"

namespace attest::laws {

struct Operation;

/// The problem, the contract and the kernel must outlive it. Not copied, not shared between threads.
class Subject {
 public:
  /// `options.prefill` applies to the base call; other calls of laws choose their own. `jobs` threads judge.
  Subject(kernel::Kernel& kernel, const Problem& problem, const oracle::ContractSet& contract,
          const kernel::RunOptions& options, unsigned jobs = 1);
  /// Of another operation than the forward pass; it must outlive the subject.
  Subject(const Operation& operation, kernel::Kernel& kernel, const Problem& problem,
          const oracle::ContractSet& contract, const kernel::RunOptions& options, unsigned jobs = 1)
      : operation_(operation),
        kernel_(kernel),
        problem_(problem),
        contract_(contract),
        options_(options),
        jobs_(jobs) {}
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  /// Calls for which this returns false are not run: the kernel is known to decline them.
  void ask_only(std::function<bool(const Problem&)> admits) { admits_ = std::move(admits); }
  /// Nor are those with keys or values that the contract's storage does not hold.
  bool asks(const Problem& problem) const;

  /// What the kernel is verified as.
  const Operation& operation() const { return operation_; }
  const Problem& problem() const { return problem_; }
  const oracle::ContractSet& contract() const { return contract_; }
  const kernel::KernelInfo& kernel_info() const { return kernel_.info(); }
  /// The document or contract that allows reading keys past kv_lens. Empty: reading them is not allowed.
  std::string kv_lens_by_mask() const;

  /// The result on the problem as it is. Runs at the first call and is cached.
  const kernel::RunOutcome& base();
  /// Runs a call of a law, in the same placement. Not cached.
  kernel::RunOutcome run(const struct Call& call);
  /// Runs the problem as it is once more, and measures what the kernel's process holds afterwards.
  kernel::RunOutcome run_and_measure_held();
  /// Runs the problem in another placement: misaligned, or at the end of a page if it was misaligned.
  kernel::RunOutcome run_elsewhere();
  kernel::Placement placement() const { return options_.placement; }
  /// The judgement of the base result, made at the first call. For large problems it covers a sample of rows
  /// and the rows that a scan of the outputs finds suspicious. Precondition: base().status is ok.
  const oracle::Judgement& judgement();

 private:
  const Operation& operation_;
  kernel::Kernel& kernel_;
  const Problem& problem_;
  const oracle::ContractSet& contract_;
  kernel::RunOptions options_;
  unsigned jobs_;
  std::function<bool(const Problem&)> admits_;
  std::optional<kernel::RunOutcome> base_;
  std::optional<oracle::Judgement> judgement_;
};

}  // namespace attest::laws
