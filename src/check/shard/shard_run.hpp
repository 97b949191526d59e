// Runs a part of a campaign.
#pragma once

#include "check/campaign/campaign.hpp"
#include "check/shard/shard_record.hpp"

namespace attest::check {

/// Plans the whole campaign as run_campaign does, and calls the kernel once for each case, since the plan
/// depends on what it declines. Judges the cases of the part alone, which costs most. Throws what
/// run_campaign throws.
ShardRecord run_shard(kernel::Kernel& kernel, const CampaignOptions& options, const Shard& shard);

}  // namespace attest::check
