// Answers whether a difference between two kernels is a bug, and whose.
#pragma once

#include <string>

#include "check/campaign/campaign.hpp"
#include "check/capture/capture_check.hpp"
#include "check/compare/pair_report.hpp"

namespace attest::check {

struct ComparedKernel {
  kernel::Kernel* kernel = nullptr;
  std::string name;      ///< in reports
  std::string spec;      ///< that a replay opens
  std::string contract;  ///< overrides the declared one; empty: does not
};

/// Runs one campaign on both: cases are drawn from the region that both take, with numbers that suit both
/// contracts. Each kernel is judged by itself, as in a check, and where both answer the
/// results are compared. `options` apply to both; its contract, region and kernel_spec are not used. Throws
/// what run_campaign throws.
PairReport compare_kernels(const ComparedKernel& first, const ComparedKernel& second,
                           const CampaignOptions& options);

struct ComparedResult {
  std::string name;
  Result result;
  std::string contract;  ///< empty: none is declared
};

/// The same for two results of one problem, captured elsewhere.
PairReport compare_results(const Problem& problem, const ComparedResult& first, const ComparedResult& second,
                           const CaptureOptions& options);

}  // namespace attest::check
