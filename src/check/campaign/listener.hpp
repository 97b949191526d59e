// The events of a campaign, for whoever counts, reports or shows its progress.
#pragma once

#include <cstdint>

#include "check/campaign/case_plan.hpp"
#include "check/checker/checker.hpp"
#include "check/outline/outline.hpp"

namespace attest::check {

class Region;

/// To implement a listener, override the events that matter to it. Events come in the order in which the
/// campaign meets them, from the campaign's thread, and their arguments live until the call returns. A
/// listener does not change what the campaign does.
class CampaignListener {
 public:
  virtual ~CampaignListener() = default;

  /// The kernel is about to be asked what it accepts.
  virtual void exploring() {}
  /// What it accepts is known, after so many calls.
  virtual void explored(const Region& /*region*/, std::int64_t /*calls*/) {}
  /// The kernel declined the problem of a case.
  virtual void declined(const CasePlan& /*plan*/) {}
  /// The kernel answered, and every law asked is decided. `outline` is that of the plan's problem.
  virtual void answered(const CasePlan& /*plan*/, const Outline& /*outline*/,
                        const CheckedProblem& /*checked*/) {}
  /// The kernel answered the problem of a case that another part of the campaign judges.
  virtual void passed_over(const CasePlan& /*plan*/, const Outline& /*outline*/) {}
  /// The kernel answered a problem prepared for one law.
  virtual void answered_prepared(const PreparedLaw& /*prepared*/, const CheckedProblem& /*checked*/) {}
  /// A case is over, answered or not: `ended` of `planned` are, with so many findings.
  virtual void case_ended(std::int64_t /*ended*/, std::int64_t /*planned*/, std::int64_t /*findings*/) {}
};

}  // namespace attest::check
