// How a campaign explores what a kernel accepts, and draws inside it.
#pragma once

#include <string>

#include "check/campaign/campaign.hpp"
#include "check/explore/explore.hpp"
#include "check/explore/prober.hpp"
#include "check/outline/gen_context.hpp"

namespace attest::check {

/// What problems are drawn for a kernel with these options before anything is known of it. `contract`: as
/// declared.
GenContext base_context(const kernel::Kernel& kernel, const std::string& contract,
                        const CampaignOptions& options);

ExploreOptions exploring_of(const kernel::Kernel& kernel, const CampaignOptions& options);

/// With the calls of an exploration allowed, the search for a first problem included.
Prober prober_of(kernel::Kernel& kernel, const std::string& contract, const CampaignOptions& options);

}  // namespace attest::check
