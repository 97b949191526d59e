// Whether witnesses are right under another contract.
#pragma once

#include <memory>

#include "check/explain/recorded_kernel.hpp"
#include "check/explain/search.hpp"
#include "check/explain/witness.hpp"
#include "oracle/noise/alarm.hpp"

namespace attest::check {

/// Runs witnesses under relaxed contracts. Calls are recorded, so that a kernel is asked once for each.
class Trial {
 public:
  /// `declared` as for contract_for.
  Trial(kernel::Kernel& kernel, const std::string& declared, std::chrono::milliseconds time_limit,
        unsigned jobs)
      : recorded_(kernel), checker_(recorded_, declared, time_limit, jobs) {}

  void stay_in(std::shared_ptr<const Region> region) { checker_.stay_in(std::move(region)); }

  /// Calls with the same inputs were seen to give different bits: from now on, witnesses are wrong under
  /// every contract that forbids this. Recorded calls cannot show it. Until then, relaxations that allow it
  /// have no effect.
  void calls_differ() { calls_differ_ = true; }

  Explained ask(const Witness& witness, const Relaxations& under);
  /// The noise of the witnesses' base calls, in units of the model of a relaxed contract.
  oracle::Alarm noise(const std::vector<Witness>& witnesses, const Relaxations& under);
  /// The least of several; `right` for none.
  Explained ask(const std::vector<Witness>& witnesses, const Relaxations& under);

 private:
  void relax(const Relaxations& under);

  RecordedKernel recorded_;
  Checker checker_;
  bool calls_differ_ = false;
};

/// Whether a kernel that makes the same call several times in succession answers with different bits.
bool calls_differ(kernel::Kernel& kernel, const Problem& problem, const kernel::RunOptions& options);

/// The fields under which witnesses of one pair of dtypes are right; empty: there are none.
std::string fields_that_explain(Trial& trial, const std::vector<Witness>& witnesses);

/// What a contract makes of outputs that break no bound of it. Precondition: at least one element.
Explained explained_of(const Problem& problem, const oracle::ContractSet& contract,
                       const std::vector<oracle::Element>& elements);

}  // namespace attest::check
