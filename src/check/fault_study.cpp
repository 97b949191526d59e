#include "check/fault_study.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "faults/kernels/tiled.hpp"
#include "kernel/in_process.hpp"

namespace attest {
namespace {

// Every kernel of the study is in this process: no fault of the catalogue leaves its tensors.
std::unique_ptr<Kernel> study_kernel(std::string name, const char* contract, KernelFault fault,
                                     const faulty::Arithmetic& arithmetic) {
  KernelInfo info;
  info.name = std::move(name);
  info.contract = contract;
  return std::make_unique<InProcessKernel>(
      std::move(info), [=](const attest_forward& f) { return faulty::forward(f, fault, arithmetic); });
}

CampaignOptions campaign_options(const StudyOptions& options, DType dtype) {
  CampaignOptions campaign;
  campaign.effort = options.effort;
  campaign.seed = options.seed;
  campaign.dtype = dtype;
  campaign.budget_seconds =
      3600;  // the number of cases ends a campaign, so that the results are the same anywhere
  return campaign;
}

FaultResult study_fault(const KernelFaultEntry& entry, DType dtype, const StudyOptions& options) {
  CampaignOptions campaign = campaign_options(options, dtype);
  campaign.cases_after_first = options.cases_after_first;
  const auto kernel =
      study_kernel(std::string(entry.name), faulty::contract_of(entry.fault), entry.fault, {});
  const KernelReport report = run_campaign(*kernel, campaign);
  FaultResult result;
  result.name = entry.name;
  result.dtype = dtype;
  result.cases = report.cases;
  result.verdict = report.verdict;
  result.findings = static_cast<std::int64_t>(report.findings.size());
  result.cases_to_kill = report.first_broken;
  for (const Finding& finding : report.findings) {
    if (finding.diagnosis.empty()) continue;
    const Diagnosis& top = finding.diagnosis.front();
    result.diagnosed = result.diagnosed || top.hypothesis.fault == entry.fault;
    result.named.push_back(top);
  }
  result.killed =
      report.verdict == Verdict::defective || (report.verdict == Verdict::suspect && result.diagnosed);
  if (!report.findings.empty()) result.killed_by = report.findings.front().law;
  return result;
}

ControlResult study_control(const KernelControlEntry& entry, DType dtype, const StudyOptions& options) {
  CampaignOptions campaign = campaign_options(options, dtype);
  campaign.cases = options.control_cases;
  const auto kernel = study_kernel(std::string(entry.name), faulty::contract_of(entry.control),
                                   KernelFault::none, faulty::arithmetic_of(entry.control));
  const KernelReport report = run_campaign(*kernel, campaign);
  ControlResult result;
  result.name = entry.name;
  result.dtype = dtype;
  result.cases = report.cases;
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

void check_names(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const std::vector<std::string> one{name};
    if (chosen(fault_catalogue(), one).empty() && chosen(control_catalogue(), one).empty()) {
      throw std::invalid_argument("no fault and no control is called '" + name +
                                  "' (see attest list faults)");
    }
  }
}

// Runs each job once, on any of the threads.
void run_all(std::vector<std::function<void()>>& work, unsigned threads) {
  std::atomic<std::size_t> next{0};
  std::vector<std::exception_ptr> errors(work.size());
  const auto worker = [&] {
    for (std::size_t at = next++; at < work.size(); at = next++) {
      try {
        work[at]();
      } catch (...) {
        errors[at] = std::current_exception();
      }
    }
  };
  std::vector<std::thread> pool;
  for (unsigned i = 1; i < threads; ++i) pool.emplace_back(worker);
  worker();
  for (std::thread& thread : pool) thread.join();
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

}  // namespace

std::vector<std::int64_t> FaultStudy::cases_to_kill() const {
  std::vector<std::int64_t> counts;
  for (const FaultResult& result : faults) {
    if (result.killed && result.cases_to_kill) counts.push_back(*result.cases_to_kill);
  }
  std::sort(counts.begin(), counts.end());
  return counts;
}

FaultStudy run_fault_study(const StudyOptions& options) {
  check_names(options.names);
  const std::vector<KernelFaultEntry> faults = chosen(fault_catalogue(), options.names);
  const std::vector<KernelControlEntry> controls = chosen(control_catalogue(), options.names);
  const std::size_t dtypes = options.dtypes.size();
  FaultStudy study;
  study.faults.resize(faults.size() * dtypes);
  study.controls.resize(controls.size() * dtypes);
  std::vector<std::function<void()>> work;
  std::mutex mutex;
  std::int64_t done = 0;
  const auto planned = static_cast<std::int64_t>(study.faults.size() + study.controls.size());
  const auto finished = [&](const std::string& name) {
    const std::lock_guard lock(mutex);
    ++done;
    if (options.progress) options.progress(done, planned, name);
  };
  for (std::size_t at = 0; at < study.faults.size(); ++at) {
    work.emplace_back([&, at] {
      study.faults[at] = study_fault(faults[at / dtypes], options.dtypes[at % dtypes], options);
      finished(study.faults[at].name);
    });
  }
  for (std::size_t at = 0; at < study.controls.size(); ++at) {
    work.emplace_back([&, at] {
      study.controls[at] = study_control(controls[at / dtypes], options.dtypes[at % dtypes], options);
      finished(study.controls[at].name);
    });
  }
  run_all(work, options.jobs);
  return study;
}

}  // namespace attest
