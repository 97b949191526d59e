// Reports a campaign's progress to its caller.
#pragma once

#include <chrono>

#include "check/campaign/campaign.hpp"
#include "check/campaign/listener.hpp"

namespace attest::check {

/// Calls CampaignOptions::progress about ten times a second, and once at the end.
class ProgressListener : public CampaignListener {
 public:
  using Clock = std::chrono::steady_clock;

  ProgressListener(std::function<void(const CampaignProgress&)> progress, Clock::time_point start,
                   double budget_seconds)
      : progress_(std::move(progress)), start_(start), budget_(budget_seconds) {}

  void exploring() override;
  /// The last report again, in another phase.
  void shrinking();
  void case_ended(std::int64_t ended, std::int64_t planned, std::int64_t findings) override;

 private:
  std::function<void(const CampaignProgress&)> progress_;  ///< may be empty
  Clock::time_point start_;
  double budget_;
  double last_ = -1;
  CampaignProgress reported_;
};

}  // namespace attest::check
