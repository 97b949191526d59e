// Failures that depend on the calls before them: which calls, so that a case file can repeat them.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "check/campaign/listener.hpp"
#include "check/record/finding.hpp"

namespace attest::check {

/// A kernel that remembers the last problems that its process has run.
class RememberingKernel final : public kernel::Kernel {
 public:
  using Calls = std::vector<std::shared_ptr<const Problem>>;

  /// The kernel must outlive this.
  explicit RememberingKernel(kernel::Kernel& kernel) : kernel_(kernel) {}

  const kernel::KernelInfo& info() const override { return kernel_.info(); }
  kernel::RunOutcome run(const Problem& problem, const kernel::RunOptions& options) override;
  void forget() override;
  bool takes_layouts() const override { return kernel_.takes_layouts(); }
  bool prefers_batches() const override { return kernel_.prefers_batches(); }
  bool starts_for_each_call() const override { return kernel_.starts_for_each_call(); }
  void prefetch(const std::vector<Problem>& problems, std::chrono::milliseconds time_limit) override {
    kernel_.prefetch(problems, time_limit);
  }

  /// Oldest first. Large ones push out older ones.
  Calls calls() const { return {calls_.begin(), calls_.end()}; }
  /// The first calls since the last mark().
  const Calls& since_mark() const { return since_mark_; }
  void mark() { since_mark_.clear(); }

 private:
  kernel::Kernel& kernel_;
  std::deque<std::shared_ptr<const Problem>> calls_;
  std::int64_t elements_ = 0;  ///< of all of them
  Calls since_mark_;
};

/// Keeps, for the first failing cases, the calls that came before each.
class EarlierCalls final : public CampaignListener {
 public:
  explicit EarlierCalls(RememberingKernel& kernel) : kernel_(kernel) {}

  void explored(const Region& region, std::int64_t calls) override;
  void declined(const CasePlan& plan) override;
  void answered(const CasePlan& plan, const Outline& outline, const CheckedProblem& checked) override;
  void passed_over(const CasePlan& plan, const Outline& outline) override;
  void answered_prepared(const PreparedLaw& prepared, const CheckedProblem& checked) override;

  /// A finding that a new process does not show gets the fewest earlier calls with which it does
  /// (Finding::earlier), and, where the smallest case does not fail with them either, the case on which it
  /// was first seen, shrunk again. One that no calls bring back stays as it is. Runs the kernel.
  void settle(std::vector<Finding>& findings, Checker& checker);

 private:
  struct Seen {
    Problem problem;
    RememberingKernel::Calls before;
    RememberingKernel::Calls during;  ///< the first calls of the case itself
  };

  void note(const Problem& problem, const CheckedProblem& checked);
  void begin_case();
  RememberingKernel::Calls needed_for(Finding& finding, const Seen& seen, Checker& checker);
  void settle(Finding& finding, Checker& checker);
  bool fails(const Problem& problem, const RememberingKernel::Calls& earlier, Finding& finding,
             Checker& checker);

  RememberingKernel& kernel_;
  RememberingKernel::Calls before_;   ///< the calls before the case that is running
  std::map<std::string, Seen> seen_;  ///< by describe()
};

}  // namespace attest::check
