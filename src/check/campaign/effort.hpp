// How much a campaign does: number of cases, longest rows, time limits.
#pragma once

#include <cstdint>

#include "check/campaign/campaign.hpp"

namespace attest::check {

struct EffortSize {
  std::string_view name;
  std::int64_t cases;
  double seconds;  ///< that an ordinary kernel needs
  std::int64_t longest_row;
  std::int64_t crossing_cases;
  std::int64_t identical_calls;  ///< of one problem
  std::int64_t tall_cases;       ///< with thousands of rows
  std::int64_t far_cases;        ///< with mask rows past 2^32 elements
  std::int64_t nan_cases;        ///< with NaN on whole tiles of rows
  std::int64_t form_problems;    ///< of each form of the kernel's operator
};

const EffortSize& size_of(Effort effort);

/// What one campaign does, from its options and its kernel.
struct CampaignSize {
  std::int64_t planned = 0;         ///< cases
  std::int64_t needed = 0;          ///< answered cases that a verdict needs, whatever the machine
  std::int64_t crossing_cases = 0;  ///< required of each crossing of feature and shape
  std::int64_t tall_cases = 0;
  std::int64_t far_cases = 0;
  std::int64_t nan_cases = 0;
  std::int64_t identical_calls = 0;
  std::int64_t longest_row = 0;
  double budget_seconds = 0;
  std::chrono::milliseconds call_limit{0};  ///< a hang must leave time for the rest of the campaign
};

CampaignSize campaign_size(const CampaignOptions& options, int kernel_threads);

/// Fewer answered cases than this say nothing about a kernel.
constexpr std::int64_t kFewCases = 20;

}  // namespace attest::check
