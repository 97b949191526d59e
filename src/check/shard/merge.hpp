// The report of a whole campaign from those of its parts.
#pragma once

#include <string>
#include <vector>

#include "check/shard/shard_record.hpp"

namespace attest::check {

struct MergedReport {
  KernelReport report;
  std::string effort;
  std::string spec;
  std::vector<std::int64_t> lost;  ///< parts that are missing, from 1
};

/// The counts, laws, findings and verdict that one run would have given. Parts of a kernel; a part given
/// several times counts once. A lost part makes the report mistrusted, or leaves it defective. Findings of
/// several parts with one cause become one, the most informative of them. Throws files::FileFormatError for
/// parts that are not of one campaign. Precondition: there is one at least.
MergedReport merge_shards(std::vector<ShardRecord> parts);

}  // namespace attest::check
