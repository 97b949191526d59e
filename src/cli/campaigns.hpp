// Runs campaigns on several kernels in parallel.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "check/campaign/campaign.hpp"
#include "check/shard/shard.hpp"
#include "cli/command.hpp"

namespace attest::cli {

/// Runs the campaign of each spec, up to `threads` at a time, and returns the reports in the order of the
/// specs. Multi-threaded kernels run first, one at a time. If there are more threads than kernels, the others
/// judge results. Opens every kernel before the first campaign starts: throws KernelOpenError for a spec that
/// cannot be opened, and UsageError for a contract that fits no dtype that the kernel accepts. `options`
/// applies to all kernels; its kernel_spec is set for each. Case files that cannot be written are noted
/// (cli/output/outputs.hpp).
std::vector<check::KernelReport> run_campaigns(const std::vector<std::string>& specs,
                                               const check::CampaignOptions& options, unsigned threads,
                                               bool quiet);

/// defect for defective, undecided for suspect and mistrusted, ok for conforming.
Exit exit_of(check::Verdict verdict);
inline Exit exit_of(const check::KernelReport& report) { return exit_of(report.verdict); }

/// The laws that --require-bitwise names (cli/output/required_bits.hpp). Throws UsageError.
std::vector<std::string> laws_with_equal_bits(const std::string& words);
/// Prints what became of these demands on a kernel, and adds it to the kernel's JSON.
Exit add_required_bits(const CommonOptions& options, const check::KernelReport& report,
                       const std::vector<std::string>& laws, nlohmann::ordered_json& json);

// The functions below are about parts of campaigns, and are in shards/.

/// Of "3/8". Throws UsageError.
check::Shard shard_of(const std::string& text);

/// Throws UsageError where --shard is no part, or stands beside what is said of a whole campaign alone.
void require_part(const std::string& shard, const std::vector<std::string>& captures,
                  const std::string& baseline, const std::string& required_bits);

struct ShardRun {
  check::KernelReport report;  ///< of the part
  nlohmann::ordered_json record;
};

/// Runs the part of each kernel's campaign, one after the other, and writes no case files. Throws as
/// run_campaigns does.
std::vector<ShardRun> run_shards(const std::vector<std::string>& specs, const check::CampaignOptions& options,
                                 const check::Shard& shard, const CommonOptions& common);

/// Adds `attest merge`, as the functions of command.hpp add theirs.
void add_merge_command(CLI::App& app, Exit& exit);

/// As write_json, but the file is there in full or not at all, so that a run that was killed leaves no part
/// of one.
void write_json_whole(const CommonOptions& options, const nlohmann::ordered_json& json);

}  // namespace attest::cli
