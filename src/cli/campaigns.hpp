// Campaigns over several kernels, side by side.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "check/campaign/campaign.hpp"
#include "cli/command.hpp"

namespace attest {

/// Runs the campaign of each spec, up to `threads` at a time, and returns the reports in the order of the
/// specs; kernels that use several threads themselves come first, each alone. Where there are more threads
/// than kernels, the others judge results. Every kernel is opened before the first campaign starts, so a spec
/// that cannot be opened fails at once: throws KernelOpenError. So does a contract of the user's that fits
/// nothing that the kernel takes: UsageError. `options` holds for all; its kernel_spec is set for each.
std::vector<KernelReport> run_campaigns(const std::vector<std::string>& specs, const CampaignOptions& options,
                                        unsigned threads, bool quiet);

/// defect for defective, undecided for suspect and mistrusted, ok for conforming.
Exit exit_of(const KernelReport& report);

}  // namespace attest
