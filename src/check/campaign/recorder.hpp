// Collects what a campaign saw, for its report and for the planner.
#pragma once

#include <array>
#include <cstdint>

#include "check/campaign/coverage.hpp"
#include "check/campaign/ledger.hpp"
#include "check/campaign/listener.hpp"

namespace attest::check {

class Recorder : public CampaignListener {
 public:
  explicit Recorder(std::int64_t longest_row) : coverage_(longest_row) {}

  void explored(const Region& region, std::int64_t calls) override;
  void declined(const CasePlan& plan) override;
  void answered(const CasePlan& plan, const Outline& outline, const CheckedProblem& checked) override;
  void passed_over(const CasePlan& plan, const Outline& outline) override;
  void answered_prepared(const PreparedLaw& prepared, const CheckedProblem& checked) override;

  /// What was measured so far is in units of a contract that no longer applies.
  void replace_noise(oracle::Alarm noise) { ledger_.replace_noise(std::move(noise)); }

  const Ledger& ledger() const { return ledger_; }
  /// The planner notes there which crossings cannot be drawn.
  Coverage& coverage() { return coverage_; }
  const Coverage& coverage() const { return coverage_; }
  std::int64_t exploring_calls() const { return exploring_calls_; }
  /// Adds the largest extents of answered problems to the report.
  void describe_extents(RegionReport& report) const;

 private:
  Ledger ledger_;
  Coverage coverage_;
  std::int64_t exploring_calls_ = 0;
  std::array<std::int64_t, 7> largest_{};
};

}  // namespace attest::check
