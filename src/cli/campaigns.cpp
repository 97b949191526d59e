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
void require_fit(Kernel& kernel, const std::string& spec, const CampaignOptions& options) {
  const std::string taken = why_contract_fits_nothing(kernel, options.contract, options.time_limit);
  if (taken.empty()) return;
  throw UsageError(fmt::format(
      "--contract: {} fits no type that {} takes, which are {}; contracts for several are joined by "
      "'|'",
      options.contract, spec, taken));
}

}  // namespace

std::vector<KernelReport> run_campaigns(const std::vector<std::string>& specs, const CampaignOptions& options,
                                        unsigned threads, bool quiet) {
  std::vector<std::unique_ptr<Kernel>> kernels;
  for (const std::string& spec : specs) {
    kernels.push_back(open_kernel(spec));
    if (!options.contract.empty()) require_fit(*kernels.back(), spec, options);
  }
  std::vector<KernelReport> reports(specs.size());
  std::vector<std::exception_ptr> errors(specs.size());
  std::atomic<std::size_t> next{0};
  ProgressLine line(specs.size(), quiet);
  const auto work = [&] {
    for (std::size_t at = next++; at < specs.size(); at = next++) {
      try {
        CampaignOptions mine = options;
        mine.kernel_spec = specs[at];
        mine.jobs = judging_threads(threads, specs.size(), at);
        mine.progress = [&line, at](const CampaignProgress& progress) { line.update(at, progress); };
        reports[at] = run_campaign(*kernels[at], mine);
      } catch (...) {
        errors[at] = std::current_exception();
      }
    }
  };
  std::vector<std::thread> pool;
  for (std::size_t i = 1; i < std::min<std::size_t>(threads, specs.size()); ++i) pool.emplace_back(work);
  work();
  for (std::thread& thread : pool) thread.join();
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
  return reports;
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
