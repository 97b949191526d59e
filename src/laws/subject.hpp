// One problem put to one kernel, as the laws see it: run once, judged once, however many laws look at it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "kernel/kernel.hpp"
#include "oracle/contract/contract.hpp"
#include "oracle/judge/judge.hpp"

namespace attest {

/// The problem, the contract and the kernel must outlive it. Not copied, not shared between threads.
class Subject {
 public:
  /// `options.prefill` is that of the base call; the laws' other calls choose their own. `jobs` threads
  /// judge.
  Subject(Kernel& kernel, const Problem& problem, const ContractSet& contract, const RunOptions& options,
          unsigned jobs = 1)
      : kernel_(kernel), problem_(problem), contract_(contract), options_(options), jobs_(jobs) {}
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  /// Calls of laws that it says no to are not put to the kernel: those of problems that it is known to
  /// decline.
  void ask_only(std::function<bool(const Problem&)> admits) { admits_ = std::move(admits); }
  bool asks(const Problem& problem) const { return !admits_ || admits_(problem); }

  const Problem& problem() const { return problem_; }
  const ContractSet& contract() const { return contract_; }
  /// What allows that keys past kv_lens are read behind a mask: the kernel's document, or its contract.
  /// Empty: nothing does.
  std::string kv_lens_by_mask() const;

  /// The problem as it is; run at the first call, remembered afterwards.
  const RunOutcome& base();
  /// A call of a law, in the same placement; never remembered.
  RunOutcome run(const struct Call& call);
  /// The problem as it is, misaligned where it was not, else at the end of a page.
  RunOutcome run_elsewhere();
  Placement placement() const { return options_.placement; }
  /// Of the base result, at the first call; of a sample of rows, and of those that a scan of the outputs
  /// finds, where the problem is large. Precondition: base().status is ok.
  const Judgement& judgement();

 private:
  Kernel& kernel_;
  const Problem& problem_;
  const ContractSet& contract_;
  RunOptions options_;
  unsigned jobs_;
  std::function<bool(const Problem&)> admits_;
  std::optional<RunOutcome> base_;
  std::optional<Judgement> judgement_;
};

}  // namespace attest
