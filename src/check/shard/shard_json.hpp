// Records of shards as JSON, which may come from anywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "check/shard/shard_record.hpp"

namespace attest::check {

/// The member "shard" of a kernel in the JSON of `attest check --shard`.
nlohmann::ordered_json shard_json(const ShardRecord& record);

/// The inverse, for the JSON of a check: the record of each kernel. Total: any bytes give records that
/// merge_shards takes, or a files::FileFormatError or a CaseFileError of one line. Memory stays in proportion
/// to the text.
std::vector<ShardRecord> parse_shards(std::string_view text);
/// The same of a file of at most 256 MiB; the message names it.
std::vector<ShardRecord> read_shards(const std::string& path);

/// What differs between two parts that should be of one campaign; empty: nothing. One that ended early saw
/// less of it, so its counts may differ.
std::string why_other_campaign(const ShardRecord& a, const ShardRecord& b);

}  // namespace attest::check
