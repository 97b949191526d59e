#include "cli/campaigns.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <thread>

#include <fmt/format.h>

#include "check/contract_probe.hpp"
#include "cli/progress.hpp"
#include "kernel/kernel.hpp"

namespace attest {
namespace {

// Threads are spread over the kernels; what is over judges, the first kernels getting one more.
unsigned judging_threads(unsigned threads, std::size_t kernels, std::size_t at) {
  const auto n = static_cast<unsigned>(std::max<std::size_t>(kernels, 1));
  return std::max(1U, threads / n + (at < threads % n ? 1 : 0));
}

// A contract for other types would be replaced by presets, and the user's word be ignored.
void require_fit(const Region& region, const std::string& spec, const CampaignOptions& options) {
  const std::string taken = why_contract_fits_nothing(region, options.contract);
  if (taken.empty()) return;
  throw UsageError(fmt::format(
      "--contract: {} fits no type that {} takes, which are {}; contracts for several are joined by "
      "'|'",
      options.contract, spec, taken));
}

class Campaigns {
 public:
  Campaigns(const std::vector<std::string>& specs, const CampaignOptions& options, unsigned threads,
            bool quiet)
      : specs_(specs),
        options_(options),
        threads_(threads),
        reports_(specs.size()),
        errors_(specs.size()),
        line_(specs.size(), quiet) {
    for (const std::string& spec : specs) {
      kernels_.push_back(open_kernel(spec));
      regions_.emplace_back();
      if (options.contract.empty()) continue;
      regions_.back() = explore_kernel(*kernels_.back(), options);
      require_fit(*regions_.back(), spec, options);
    }
  }

  std::vector<KernelReport> run() {
    std::vector<std::size_t> threaded, others;
    for (std::size_t at = 0; at < specs_.size(); ++at)
      (kernels_[at]->info().threads > 1 ? threaded : others).push_back(at);
    // Threads of a kernel that wait for each other take many times as long where other campaigns take turns
    // with them.
    run(threaded, 1);
    run(others, threads_);
    for (const std::exception_ptr& error : errors_) {
      if (error) std::rethrow_exception(error);
    }
    return std::move(reports_);
  }

 private:
  void run(const std::vector<std::size_t>& kernels, unsigned at_a_time) {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (std::size_t n = next++; n < kernels.size(); n = next++) {
        const std::size_t together = std::min<std::size_t>(at_a_time, kernels.size());
        run_one(kernels[n], judging_threads(threads_, together, n));
      }
    };
    std::vector<std::thread> pool;
    for (std::size_t i = 1; i < std::min<std::size_t>(at_a_time, kernels.size()); ++i)
      pool.emplace_back(work);
    work();
    for (std::thread& thread : pool) thread.join();
  }

  void run_one(std::size_t at, unsigned jobs) {
    try {
      CampaignOptions mine = options_;
      mine.kernel_spec = specs_[at];
      mine.region = regions_[at];
      mine.jobs = jobs;
      mine.progress = [this, at](const CampaignProgress& progress) { line_.update(at, progress); };
      reports_[at] = run_campaign(*kernels_[at], mine);
    } catch (...) {
      errors_[at] = std::current_exception();
    }
  }

  const std::vector<std::string>& specs_;
  const CampaignOptions& options_;
  unsigned threads_;
  std::vector<std::unique_ptr<Kernel>> kernels_;
  std::vector<std::shared_ptr<const Region>> regions_;  // null: not explored yet
  std::vector<KernelReport> reports_;
  std::vector<std::exception_ptr> errors_;
  ProgressLine line_;
};

}  // namespace

std::vector<KernelReport> run_campaigns(const std::vector<std::string>& specs, const CampaignOptions& options,
                                        unsigned threads, bool quiet) {
  return Campaigns(specs, options, threads, quiet).run();
}

Exit exit_of(const KernelReport& report) {
  switch (report.verdict) {
    case Verdict::conforming:
      return Exit::ok;
    case Verdict::defective:
      return Exit::defect;
    case Verdict::suspect:
    case Verdict::mistrusted:
      return Exit::undecided;
  }
  return Exit::internal;
}

}  // namespace attest
