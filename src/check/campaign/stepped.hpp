// A campaign step by step, for callers that choose its cases.
#pragma once

#include <string>
#include <vector>

#include "check/campaign/campaign.hpp"
#include "check/campaign/earlier_calls.hpp"
#include "check/campaign/loop.hpp"
#include "check/campaign/progress.hpp"

namespace attest::check {

/// What a report takes from a campaign besides what was judged: the same for all parts of a campaign.
struct CampaignFacts {
  RegionReport region;                 ///< but for what no case covered
  std::vector<std::string> uncovered;  ///< dtypes and options that the kernel accepts and no case had
  bool declines_lse = false;
  bool own_number = false;        ///< the caller chose the number of cases
  bool ends_after_first = false;  ///< soon after the first case that breaks a law, if one does
};

/// Completes a report whose counts and findings are known: region, reasons of laws, verdict.
void conclude(KernelReport& report, const CampaignFacts& facts);
/// Once more, after findings in forms of the operator were added.
void conclude_with_forms(KernelReport& report, const CampaignFacts& facts);

/// Whether an adapter's forms of its operator are asked after the campaign. Of a campaign's parts the first
/// asks them; a comparison asks none.
enum class Forms : bool { left_out, surveyed };

/// The loop with what a report needs besides: calls before a failure, and progress.
class SteppedCampaign {
 public:
  /// Both must outlive this. Throws ContractError for a contract that does not parse.
  SteppedCampaign(kernel::Kernel& kernel, const CampaignOptions& options);

  CampaignLoop& loop() { return loop_; }
  /// Diagnoses the findings and writes their case files. Call once, after the loop has ended.
  KernelReport report(const CampaignEnd& end, Forms forms = Forms::left_out);
  CampaignFacts facts() const;

 private:
  kernel::Kernel& kernel_;
  const CampaignOptions& options_;
  RememberingKernel remembering_;
  CampaignLoop loop_;
  EarlierCalls earlier_;
  ProgressListener progress_;
};

}  // namespace attest::check
