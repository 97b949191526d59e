// Kernels on devices: those whose driver is missing are left out, and OpenCL kernels can be run once more
// under oclgrind.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "check/campaign/campaign.hpp"
#include "kernel/kernel.hpp"

namespace attest::cli {

/// Takes out of `specs` the kernels on devices that are not available here, and adds them to `missing`.
void leave_out_unavailable(std::vector<std::string>& specs, std::vector<kernel::UnavailableVariant>& missing);

/// The kernels in OpenCL C among them, as they run under oclgrind.
std::vector<std::string> under_oclgrind(const std::vector<std::string>& specs);

/// The campaign of a simulated kernel, whose calls take a hundred times as long.
check::CampaignOptions simulated(check::CampaignOptions options);

}  // namespace attest::cli
