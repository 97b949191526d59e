// A campaign step by step, for callers that choose its cases.
#pragma once

#include "check/campaign/campaign.hpp"
#include "check/campaign/earlier_calls.hpp"
#include "check/campaign/loop.hpp"
#include "check/campaign/progress.hpp"

namespace attest::check {

/// The loop with what a report needs besides: calls before a failure, and progress.
class SteppedCampaign {
 public:
  /// Both must outlive this. Throws ContractError for a contract that does not parse.
  SteppedCampaign(kernel::Kernel& kernel, const CampaignOptions& options);

  CampaignLoop& loop() { return loop_; }
  /// Diagnoses the findings and writes their case files. Call once, after the loop has ended.
  KernelReport report(const CampaignEnd& end);

 private:
  kernel::Kernel& kernel_;
  const CampaignOptions& options_;
  RememberingKernel remembering_;
  CampaignLoop loop_;
  EarlierCalls earlier_;
  ProgressListener progress_;
};

}  // namespace attest::check
