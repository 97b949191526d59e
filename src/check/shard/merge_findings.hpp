// Findings of several parts of a campaign, one for each cause.
#pragma once

#include <vector>

#include "check/shard/shard_record.hpp"

namespace attest::check {

/// In the order in which the campaign would have met them; the most informative stands for those with one
/// cause. A part sees few cases, so that two parts may take one cause for two known faults: findings are
/// joined, and the fault chosen, by what all of their evidence shows. Those that name a form are left where
/// they are. `events`: of all parts, in order. Runs no kernel.
std::vector<Finding> merged_findings(std::vector<ShardRecord>& parts,
                                     const std::vector<const ShardEvent*>& events);

/// Adds the findings that name a form of the kernel's operator. One that the kernel shows in its own form as
/// well counts as that of the campaign, where some part has it.
void add_form_findings(std::vector<ShardRecord>& parts, std::vector<Finding>& findings);

}  // namespace attest::check
