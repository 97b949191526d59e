// The campaign: generated problems, run on a kernel, judged, with every failure shrunk.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "check/record/kernel_report.hpp"
#include "check/region/requirement.hpp"

namespace attest {

class Region;

/// How many cases: sized so that an ordinary kernel takes about 10 seconds, a minute, 10 minutes. No clock
/// ends them before six times that, so that a busy machine gives the same report.
enum class Effort : std::uint8_t { quick, ci, deep };
std::string_view name_of(Effort effort);
std::optional<Effort> effort_from_name(std::string_view name);

struct CampaignProgress {
  std::int64_t cases = 0;  ///< run or declined so far
  std::int64_t planned = 0;
  std::int64_t findings = 0;
  double seconds = 0;       ///< since the start
  double seconds_left = 0;  ///< estimate; never above the budget
  bool exploring = false;   ///< finding out what the kernel takes
};

struct CampaignOptions {
  Effort effort = Effort::quick;
  std::optional<double> budget_seconds;  ///< none: the effort's own cap. Only ever ends a campaign early
  /// None: the effort's own count, or a fifth of it for kernels that use several threads.
  std::optional<std::int64_t> cases;
  /// Cases wanted of each accepted feature on each class of shapes; none: the effort's own; 0: left to
  /// chance.
  std::optional<std::int64_t> crossing_cases;
  std::uint64_t seed = 1;
  std::optional<DType> dtype;  ///< of q, k and v; none: all that the kernel takes
  /// Ends the campaign this many answered cases after the first that broke a law; none: does not.
  std::optional<std::int64_t> cases_after_first;
  /// What the kernel takes, where that is known already; null: the campaign finds out first.
  std::shared_ptr<const Region> region;
  std::vector<Requirement> required;   ///< what the kernel has to take: declining it is a finding
  std::string contract;                ///< overrides what the kernel declares; empty: does not
  std::filesystem::path findings_dir;  ///< where case files go (created when needed); empty: none are written
  std::string kernel_spec;             ///< how a replay opens the kernel again; empty: its name
  std::function<void(const CampaignProgress&)> progress;  ///< called about ten times a second; may be empty
  std::chrono::milliseconds time_limit{10'000};           ///< of one call; longer is a timeout
  unsigned jobs = 1;  ///< threads that judge each result; the report does not depend on it
};

/// What the kernel takes, as a campaign with these options finds out. Leaves the kernel as if it had not been
/// called.
std::shared_ptr<const Region> explore_kernel(Kernel& kernel, const CampaignOptions& options);

/// Writes the case files of a report's findings, and notes where. Throws std::filesystem::filesystem_error.
void write_case_files(KernelReport& report, const CampaignOptions& options);

/// Runs the whole campaign in this thread. The problems, and so the report, depend on the seed, the effort
/// and the kernel's answers only; time enters only by the budget, and then the report says that it stopped
/// early. Throws ContractError for a contract text that does not parse, std::filesystem::filesystem_error
/// when a case file cannot be written; never because of what the kernel does.
KernelReport run_campaign(Kernel& kernel, const CampaignOptions& options);

}  // namespace attest
