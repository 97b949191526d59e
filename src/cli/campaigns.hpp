// Runs campaigns on several kernels in parallel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
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

/// Rows are certified once for all kernels; with several kernels, equal results are judged once too.
void keep_judgements(std::size_t kernels);

/// What the kernel accepts, where options.contract declares how it computes; null without a contract, and
/// after an interruption. Throws UsageError for a contract that fits no dtype that the kernel accepts:
/// presets would replace it.
std::shared_ptr<const check::Region> region_for_contract(kernel::Kernel& kernel, const std::string& spec,
                                                         const check::CampaignOptions& options);

/// Writes the case files of the report's findings. Those that cannot be written are noted
/// (cli/output/outputs.hpp).
void write_case_files(check::KernelReport& report, const check::CampaignOptions& options);

/// Of "quick". Throws UsageError.
check::Effort effort_of(const std::string& word);

/// The size of a campaign.
struct CaseOptions {
  std::string effort = "quick";
  std::int64_t cases = 0;  ///< 0: those of the effort
  double time_limit_seconds = 10;
  double budget_seconds = 0;  ///< 0: that of the effort
};
/// What --budget does to a check of kernels.
inline constexpr const char* kBudgetHelp =
    "Stop the cases of each kernel after this many seconds; the forms of its operator, which ci and deep ask "
    "for, follow in time of their own, unless cases were left out";
/// Adds --effort, --budget, --cases and --time-limit.
void add_case_options(CLI::App& command, CaseOptions& options, const std::string& effort_help,
                      const std::string& budget_help);
/// Options with this size. Throws UsageError.
check::CampaignOptions campaign_of(const CaseOptions& options);

/// defect for defective, undecided for suspect and mistrusted, ok for conforming.
Exit exit_of(check::Verdict verdict);
inline Exit exit_of(const check::KernelReport& report) { return exit_of(report.verdict); }

/// The laws that --require-bitwise names (cli/output/required_bits.hpp). Throws UsageError.
std::vector<std::string> laws_with_equal_bits(const std::string& words);
/// Prints what became of these demands on a kernel, and adds it to the kernel's JSON.
Exit add_required_bits(const CommonOptions& options, const check::KernelReport& report,
                       const std::vector<std::string>& laws, nlohmann::ordered_json& json);

// The functions below are about parts of campaigns, and are in shards/.

struct CheckOptions;

/// The part that --shard names. Throws UsageError where it is none, is not written by --json, or is asked for
/// together with an option that applies to a whole campaign only.
check::Shard shard_of(const CheckOptions& options, const std::vector<std::string>& captures);

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
