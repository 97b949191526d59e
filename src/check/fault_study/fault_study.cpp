#include "check/fault_study/fault_study.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "check/case_file/replay.hpp"
#include "check/fault_study/study_kernel.hpp"
#include "check/fault_study/work.hpp"

namespace attest::check {
namespace {

CampaignOptions campaign_options(const StudyOptions& options, const faults::DTypes& dtypes) {
  CampaignOptions campaign;
  campaign.effort = options.effort;
  campaign.seed = options.seed;
  // A campaign of one dtype has k and v in it too; the gate of a mixed kernel declines what it does not take.
  if (dtypes.q == dtypes.kv) campaign.dtype = dtypes.q;
  campaign.budget_seconds =
      3600;  // the number of cases ends a campaign, so that the results are the same anywhere
  return campaign;
}

// Whether the finding's case file, read again, breaks its law in a new kernel.
bool replays(const Finding& finding, const MakeKernel& make) {
  const std::unique_ptr<kernel::Kernel> kernel = make();
  try {
    const CaseFile file = parse_case_file(format_case_file(case_file_of(finding, kernel->info().name)));
    return replay(file, *kernel).status == ReplayStatus::broken;
  } catch (const CaseFileError&) {
    return false;
  }
}

void note_findings(const KernelReport& report, faults::KernelFault signature, const MakeKernel& make,
                   FaultResult& result) {
  result.findings = static_cast<std::int64_t>(report.findings.size());
  for (const Finding& finding : report.findings) {
    if (replays(finding, make)) ++result.replayed;
    if (finding.diagnosis.empty()) continue;
    const bool right = faults::names(finding.diagnosis, signature);
    result.diagnosed = result.diagnosed || right;
    if (!right) ++result.misnamed;
    result.named.push_back(finding.diagnosis.front());
    for (const faults::Diagnosis& d : finding.diagnosis) {
      if (d.named && d.hypothesis.fault != signature) result.also_named.push_back(d.fault());
    }
  }
}

ControlResult study_control(kernel::Kernel& kernel, const faults::DTypes& dtypes,
                            const StudyOptions& options) {
  CampaignOptions campaign = campaign_options(options, dtypes);
  campaign.cases = options.control_cases;
  const KernelReport report = run_campaign(kernel, campaign);
  ControlResult result;
  result.name = kernel.info().name;
  result.dtypes = dtypes;
  result.cases = report.cases;
  result.declined = report.declined;
  result.outputs = report.outputs;
  result.verdict = report.verdict;
  result.max_bound_ratio = report.max_bound_ratio;
  for (const Finding& finding : report.findings) result.false_alarms += finding.cases;
  if (report.verdict == Verdict::suspect) ++result.false_alarms;
  if (!report.findings.empty()) {
    result.what = report.findings.front().summary + " [" + describe(report.findings.front().problem) + "]";
  } else if (report.verdict == Verdict::suspect) {
    result.what = report.alarm.suspicions.front();
  } else if (report.verdict == Verdict::mistrusted) {
    result.what = report.mistrust.front();
  }
  return result;
}

template <class Entry>
std::vector<Entry> chosen(const std::vector<Entry>& all, const std::vector<std::string>& names) {
  std::vector<Entry> some;
  for (const Entry& entry : all) {
    const bool asked = std::find(names.begin(), names.end(), entry.name) != names.end();
    if (names.empty() || asked) some.push_back(entry);
  }
  return some;
}

// The dtypes of each campaign; none: all dtypes in one.
template <class Entry>
std::vector<std::optional<faults::DTypes>> fault_dtypes(const Entry& entry, const StudyOptions& options) {
  const std::vector<faults::DTypes> each = study_dtypes(entry, options.dtypes);
  if (options.whole && !each.empty()) return {std::nullopt};
  return {each.begin(), each.end()};
}

void check_names(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const std::vector<std::string> one{name};
    if (chosen(faults::fault_catalogue(), one).empty() && chosen(faults::control_catalogue(), one).empty() &&
        chosen(faults::narrow_catalogue(), one).empty()) {
      throw std::invalid_argument("no fault, control or narrow kernel is named '" + name +
                                  "' (see attest list faults)");
    }
  }
}

template <class Result>
using Campaign = std::function<Result()>;

// All campaigns of a study, on the threads that it may use; results stand in the order they were added in.
class Schedule {
 public:
  explicit Schedule(const StudyOptions& options) : options_(options) {}

  template <class Result>
  void add(const std::vector<Campaign<Result>>& campaigns, std::vector<Result>& results) {
    results.resize(campaigns.size());
    for (std::size_t at = 0; at < campaigns.size(); ++at) {
      work_.emplace_back([this, &campaigns, &results, at] {
        results[at] = campaigns[at]();
        finished(results[at].name);
      });
    }
  }

  void run() { run_all(work_, options_.jobs); }

 private:
  void finished(const std::string& name) {
    const std::lock_guard lock(mutex_);
    ++done_;
    if (options_.progress) options_.progress(done_, static_cast<std::int64_t>(work_.size()), name);
  }

  const StudyOptions& options_;
  std::vector<std::function<void()>> work_;
  std::mutex mutex_;
  std::int64_t done_ = 0;
};

}  // namespace

std::vector<std::int64_t> FaultStudy::cases_to_kill() const {
  std::vector<std::int64_t> counts;
  for (const FaultResult& result : faults) {
    if (result.killed && result.cases_to_kill) counts.push_back(*result.cases_to_kill);
  }
  std::sort(counts.begin(), counts.end());
  return counts;
}

FaultResult study_fault(const MakeKernel& make, faults::KernelFault signature,
                        const std::optional<faults::DTypes>& dtypes, const StudyOptions& options) {
  CampaignOptions campaign = campaign_options(options, dtypes.value_or(faults::DTypes{}));
  if (dtypes)
    campaign.cases_after_first = options.cases_after_first;
  else
    campaign.dtype.reset();
  const std::unique_ptr<kernel::Kernel> kernel = make();
  const KernelReport report = run_campaign(*kernel, campaign);
  FaultResult result;
  result.name = kernel->info().name;
  result.dtypes = dtypes;
  result.cases = report.cases;
  result.declined = report.declined;
  result.verdict = report.verdict;
  result.cases_to_kill = report.first_broken;
  result.nameable = signature != faults::KernelFault::none;
  note_findings(report, signature, make, result);
  result.killed =
      report.verdict == Verdict::defective || (report.verdict == Verdict::suspect && result.diagnosed);
  if (!report.findings.empty()) result.killed_by = report.findings.front().law;
  return result;
}

double ControlResult::answered_share() const {
  const std::int64_t put = cases + declined;
  return put == 0 ? 0 : static_cast<double>(cases) / static_cast<double>(put);
}

FaultStudy run_fault_study(const StudyOptions& options) {
  check_names(options.names);
  FaultStudy study;
  std::vector<Campaign<FaultResult>> faults;
  std::vector<Campaign<ControlResult>> controls;
  std::vector<Campaign<FaultResult>> narrow_faults;
  std::vector<Campaign<ControlResult>> narrow_controls;
  const auto fault = [&](const auto& entry, faults::KernelFault signature,
                         const std::optional<faults::DTypes>& dtypes) {
    return [&options, entry, signature, dtypes] {
      return study_fault([&entry] { return study_kernel(entry); }, signature, dtypes, options);
    };
  };
  const auto control = [&](const auto& entry, const faults::DTypes& dtypes) {
    return [&options, entry, dtypes] { return study_control(*study_kernel(entry), dtypes, options); };
  };
  for (const faults::KernelFaultEntry& entry : chosen(faults::fault_catalogue(), options.names)) {
    for (const auto& dtypes : fault_dtypes(entry, options))
      faults.push_back(fault(entry, entry.signature, dtypes));
  }
  for (const faults::KernelControlEntry& entry : chosen(faults::control_catalogue(), options.names)) {
    for (const faults::DTypes& dtypes : study_dtypes(entry, options.dtypes))
      controls.push_back(control(entry, dtypes));
  }
  for (const faults::NarrowKernelEntry& entry : chosen(faults::narrow_catalogue(), options.names)) {
    if (entry.fault != faults::KernelFault::none) {
      for (const auto& dtypes : fault_dtypes(entry, options))
        narrow_faults.push_back(fault(entry, faults::entry_of(entry.fault).signature, dtypes));
      continue;
    }
    for (const faults::DTypes& dtypes : study_dtypes(entry, options.dtypes))
      narrow_controls.push_back(control(entry, dtypes));
  }
  Schedule schedule(options);
  schedule.add(faults, study.faults);
  schedule.add(controls, study.controls);
  schedule.add(narrow_faults, study.narrow_faults);
  schedule.add(narrow_controls, study.narrow_controls);
  schedule.run();
  return study;
}

}  // namespace attest::check
