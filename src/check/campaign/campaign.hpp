// A campaign runs generated problems on a kernel, judges every output, and shrinks every failure.
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

namespace attest::check {

class Region;

/// The number of cases: an ordinary kernel needs about 10 seconds, one minute or 10 minutes. The time limit
/// is six times that, so a busy machine gives the same report.
enum class Effort : std::uint8_t { quick, ci, deep };
std::string_view name_of(Effort effort);
std::optional<Effort> effort_from_name(std::string_view name);

struct CampaignProgress {
  std::int64_t cases = 0;  ///< run or declined so far
  std::int64_t planned = 0;
  std::int64_t findings = 0;
  double seconds = 0;       ///< since the start
  double seconds_left = 0;  ///< estimate; never above the budget
  bool exploring = false;   ///< exploring what the kernel accepts
  bool shrinking = false;   ///< looking for the smallest case of a failure
};

struct CampaignOptions {
  Effort effort = Effort::quick;
  std::optional<double> budget_seconds;  ///< none: the effort's own limit. It can only end a campaign early
  /// None: the effort's number, or one fifth of it for multi-threaded kernels.
  std::optional<std::int64_t> cases;
  /// Cases required of each accepted feature on each class of shapes. None: the effort's number. 0: left to
  /// chance.
  std::optional<std::int64_t> crossing_cases;
  std::uint64_t seed = 1;
  std::optional<DType> dtype;  ///< of q, k and v; none: all that the kernel accepts
  /// Ends the campaign this many answered cases after the first that broke a law. None: does not.
  std::optional<std::int64_t> cases_after_first;
  /// What the kernel accepts, if already known. Null: the campaign explores first.
  std::shared_ptr<const Region> region;
  std::vector<Requirement> required;   ///< what the kernel must accept; declining it is a finding
  std::string contract;                ///< overrides the declared contract; empty: does not
  std::filesystem::path findings_dir;  ///< folder for case files (created if needed); empty: none are written
  std::string kernel_spec;             ///< the spec that a replay opens; empty: the kernel's name
  std::function<void(const CampaignProgress&)> progress;  ///< called about ten times a second; may be empty
  std::chrono::milliseconds time_limit{10'000};           ///< of one call; a longer call is a timeout
  unsigned jobs = 1;  ///< threads that judge each result; does not change the report
};

/// Explores what the kernel accepts, as a campaign with these options does. Resets the kernel's state
/// afterwards.
std::shared_ptr<const Region> explore_kernel(kernel::Kernel& kernel, const CampaignOptions& options);

/// Writes the case files of a report's findings and sets their paths. Throws
/// std::filesystem::filesystem_error.
void write_case_files(KernelReport& report, const CampaignOptions& options);

/// Runs the whole campaign in this thread. The problems, and so the report, depend only on the seed, the
/// effort and the kernel's answers. Time matters only if the budget ends the campaign, and then the report
/// says so. Throws ContractError for a contract that does not parse and std::filesystem::filesystem_error if
/// a case file cannot be written. Never throws because of the kernel.
KernelReport run_campaign(kernel::Kernel& kernel, const CampaignOptions& options);

}  // namespace attest::check
