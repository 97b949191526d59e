#include "cli/campaigns.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "check/checker/contract_probe.hpp"
#include "check/record/interruption.hpp"
#include "cli/output/outputs.hpp"
#include "cli/output/progress.hpp"
#include "cli/output/required_bits.hpp"
#include "faults/diagnosis/diagnose.hpp"
#include "kernel/ensemble.hpp"
#include "kernel/kernel.hpp"
#include "kernel/kernel_spec.hpp"
#include "oracle/judge/judgement_memo.hpp"
#include "oracle/tiers/row_standard.hpp"
#include "problem/quote.hpp"

namespace attest::cli {
namespace {

// Threads are spread over the kernels; what is over judges, the first kernels getting one more.
unsigned judging_threads(unsigned threads, std::size_t kernels, std::size_t at) {
  const auto n = static_cast<unsigned>(std::max<std::size_t>(kernels, 1));
  return std::max(1U, threads / n + (at < threads % n ? 1 : 0));
}

// Campaigns of kernels that accept the same judge the same rows, and of those that return the same bits the
// same results and diagnose the same defects.
constexpr std::size_t kStandardsKept = std::size_t{300} << 20;
constexpr std::size_t kJudgementsKept = std::size_t{200} << 20;
constexpr std::size_t kDiagnosesKept = std::size_t{4} << 20;

class Campaigns {
 public:
  Campaigns(const std::vector<std::string>& specs, const check::CampaignOptions& options, unsigned threads,
            bool quiet)
      : specs_(specs),
        options_(options),
        threads_(threads),
        reports_(specs.size()),
        errors_(specs.size()),
        line_(specs.size(), quiet) {
    for (const std::string& spec : specs) {
      kernels_.push_back(kernel::open_kernel(spec));
      regions_.push_back(region_for_contract(*kernels_.back(), spec, options));
    }
  }

  std::vector<check::KernelReport> run() {
    std::vector<Group> threaded, others;
    // Groups that may fall apart go first: what is left of them is a campaign more, and the last campaigns
    // leave a core idle.
    std::vector<Group> all = groups();
    std::stable_sort(all.begin(), all.end(),
                     [](const Group& a, const Group& b) { return a.size() > b.size(); });
    for (Group& group : all)
      (kernels_[group.front()]->info().threads > 1 ? threaded : others).push_back(group);
    // Threads of a kernel that wait for each other take many times as long where other campaigns take turns
    // with them.
    run(std::move(threaded), 1);
    run(std::move(others), threads_);
    for (const std::exception_ptr& error : errors_) {
      if (error) std::rethrow_exception(error);
    }
    return std::move(reports_);
  }

 private:
  using Group = std::vector<std::size_t>;

  // Kernels of one name that may give the same bits: the libraries of one source for several processors.
  std::vector<Group> groups() const {
    std::vector<Group> made;
    const auto family = [&](std::size_t at) { return specs_[at].substr(0, specs_[at].find(':')); };
    for (std::size_t at = 0; at < specs_.size(); ++at) {
      const auto alike = std::find_if(made.begin(), made.end(), [&](const Group& group) {
        return kernel::find_adapter_family(family(at)) != nullptr && family(group.front()) == family(at) &&
               kernel::Ensemble::alike(*kernels_[group.front()], *kernels_[at]);
      });
      if (alike == made.end())
        made.push_back({at});
      else
        alike->push_back(at);
    }
    return made;
  }

  // A group runs as one; those of it that gave other bits are a group of their own, after it.
  void run(std::vector<Group> waiting, unsigned at_a_time) {
    std::mutex mutex;
    std::size_t running = 0;
    std::condition_variable changed;
    const auto together =
        static_cast<unsigned>(std::min<std::size_t>(at_a_time, std::max<std::size_t>(1, waiting.size())));
    const auto work = [&] {
      std::unique_lock lock(mutex);
      while (true) {
        changed.wait(lock, [&] { return !waiting.empty() || running == 0; });
        if (waiting.empty()) return;
        const Group group = std::move(waiting.front());
        waiting.erase(waiting.begin());
        ++running;
        lock.unlock();
        const Group rest = run_group(group, judging_threads(threads_, together, 0));
        lock.lock();
        --running;
        if (!rest.empty()) waiting.insert(waiting.begin(), rest);
        changed.notify_all();
      }
    };
    std::vector<std::thread> pool;
    for (unsigned i = 1; i < together; ++i) pool.emplace_back(work);
    work();
    for (std::thread& thread : pool) thread.join();
  }

  // Returns the kernels that gave other bits than the first.
  Group run_group(const Group& group, unsigned jobs) {
    std::vector<kernel::Kernel*> kernels;
    for (const std::size_t at : group) kernels.push_back(kernels_[at].get());
    kernel::Ensemble ensemble(kernels);
    Group rest;
    const std::size_t first = group.front();
    try {
      reports_[first] = check::run_campaign(ensemble, options_of(first, jobs));
      write_case_files(first);
      for (std::size_t k = 1; k < group.size(); ++k) {
        if (ensemble.same(k))
          take_same_report(first, group[k]);
        else
          rest.push_back(group[k]);
      }
    } catch (...) {
      errors_[first] = std::current_exception();
    }
    return rest;
  }

  check::CampaignOptions options_of(std::size_t at, unsigned jobs) {
    check::CampaignOptions mine = options_;
    mine.kernel_spec = specs_[at];
    mine.findings_dir.clear();
    mine.region = regions_[at];
    mine.jobs = jobs;
    mine.progress = [this, at](const check::CampaignProgress& progress) { line_.update(at, progress); };
    return mine;
  }

  void take_same_report(std::size_t first, std::size_t at) {
    reports_[at] = reports_[first];
    reports_[at].info = kernels_[at]->info();
    reports_[at].same_bits_as = reports_[first].info.name;
    reports_[at].region.forms.clear();  // only the first was asked in forms
    write_case_files(at);
  }

  // Not by the campaign: a disk that is full must not lose its verdict.
  void write_case_files(std::size_t at) {
    check::CampaignOptions options = options_of(at, 1);
    options.findings_dir = options_.findings_dir;
    const std::lock_guard<std::mutex> lock(writing_);
    cli::write_case_files(reports_[at], options);
  }

  const std::vector<std::string>& specs_;
  const check::CampaignOptions& options_;
  unsigned threads_;
  std::vector<std::unique_ptr<kernel::Kernel>> kernels_;
  std::vector<std::shared_ptr<const check::Region>> regions_;  // null: not explored yet
  std::vector<check::KernelReport> reports_;
  std::vector<std::exception_ptr> errors_;
  std::mutex writing_;
  ProgressLine line_;
};

}  // namespace

void keep_judgements(std::size_t kernels) {
  oracle::standard_memo().limit(kStandardsKept);
  if (kernels < 2) return;
  oracle::judgement_memo().limit(kJudgementsKept);
  faults::diagnosis_memo().limit(kDiagnosesKept);
}

std::shared_ptr<const check::Region> region_for_contract(kernel::Kernel& kernel, const std::string& spec,
                                                         const check::CampaignOptions& options) {
  if (options.contract.empty() || check::stop_requested()) return nullptr;
  std::shared_ptr<const check::Region> region = check::explore_kernel(kernel, options);
  if (check::stop_requested()) return region;
  const std::string taken = check::why_contract_fits_nothing(*region, options.contract);
  if (taken.empty()) return region;
  throw UsageError(fmt::format(
      "--contract: {} fits no dtype that {} accepts, which are {}; join contracts for several dtypes by '|'",
      options.contract, quote(spec), taken));
}

void write_case_files(check::KernelReport& report, const check::CampaignOptions& options) {
  try {
    check::write_case_files(report, options);
  } catch (const std::filesystem::filesystem_error& error) {
    note_lost_output(fmt::format("cannot write the case files of {}: {}", quote(options.kernel_spec),
                                 error.code().message()));
  }
}

check::Effort effort_of(const std::string& word) {
  const std::optional<check::Effort> effort = check::effort_from_name(word);
  if (!effort) throw UsageError(fmt::format("--effort: '{}' is not quick, ci or deep", quote(word)));
  return *effort;
}

void add_case_options(CLI::App& command, CaseOptions& options, const std::string& effort_help,
                      const std::string& budget_help) {
  command.add_option("--effort", options.effort, effort_help)->capture_default_str();
  command.add_option("--budget", options.budget_seconds, budget_help)
      ->check(seconds_above_zero())
      ->type_name("SECONDS");
  command.add_option("--cases", options.cases, "Number of cases, instead of the effort's")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  command
      .add_option("--time-limit", options.time_limit_seconds,
                  "Time limit of one call, without waits for a busy processor; a longer call is a finding")
      ->check(CLI::Range(0.01, 86400.0))
      ->type_name("SECONDS")
      ->capture_default_str();
}

check::CampaignOptions campaign_of(const CaseOptions& options) {
  check::CampaignOptions campaign;
  campaign.effort = effort_of(options.effort);
  if (options.cases > 0) campaign.cases = options.cases;
  if (options.budget_seconds > 0) campaign.budget_seconds = options.budget_seconds;
  campaign.time_limit =
      std::chrono::milliseconds(static_cast<std::int64_t>(options.time_limit_seconds * 1000));
  return campaign;
}

std::vector<check::KernelReport> run_campaigns(const std::vector<std::string>& specs,
                                               const check::CampaignOptions& options, unsigned threads,
                                               bool quiet) {
  keep_judgements(specs.size());
  return Campaigns(specs, options, threads, quiet).run();
}

Exit exit_of(check::Verdict verdict) {
  switch (verdict) {
    case check::Verdict::conforming:
      return Exit::ok;
    case check::Verdict::defective:
      return Exit::defect;
    case check::Verdict::suspect:
    case check::Verdict::mistrusted:
      return Exit::undecided;
  }
  return Exit::internal;
}

std::vector<std::string> laws_with_equal_bits(const std::string& words) {
  try {
    return bitwise_laws_from(words);
  } catch (const std::invalid_argument& error) {
    throw UsageError(fmt::format("--require-bitwise: {}", error.what()));
  }
}

Exit add_required_bits(const CommonOptions& options, const check::KernelReport& report,
                       const std::vector<std::string>& laws, nlohmann::ordered_json& json) {
  if (laws.empty()) return Exit::ok;
  const std::vector<RequiredBits> results = required_bits(report, laws);
  json["required_bits"] = required_bits_json(results);
  print(options, required_bits_text(results));
  Exit exit = Exit::ok;
  for (const RequiredBits& result : results) {
    if (result.answer == RequiredBits::Answer::other) exit = worse(exit, Exit::defect);
    if (result.answer == RequiredBits::Answer::not_shown) exit = worse(exit, Exit::undecided);
  }
  return exit;
}

}  // namespace attest::cli
