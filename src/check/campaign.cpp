#include "check/campaign.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "check/blame.hpp"
#include "check/case_file.hpp"
#include "check/finding_book.hpp"
#include "check/ledger.hpp"
#include "check/planner.hpp"
#include "check/steering.hpp"

namespace attest {
namespace {

using Clock = std::chrono::steady_clock;

struct EffortSize {
  std::string_view name;
  std::int64_t cases;
  double seconds;
  std::int64_t longest_row;
  std::int64_t crossing_cases;
  std::int64_t identical_calls;  ///< of one problem
};

// A fault that one case of a crossing in three shows goes unseen in 6 of them once in 11 campaigns.
constexpr std::array<EffortSize, 3> kEfforts{{
    {"quick", 600, 10, (1 << 13) + 4, 0, 0},
    {"ci", 2400, 60, (1 << 16) + 4, 6, 0},
    {"deep", 40'000, 600, (1 << 16) + 4, 32, 10'000},
}};

constexpr std::int64_t kThreadedCost = 5;
constexpr std::int64_t kMostTimeouts = 4;  // each costs the whole time limit; more tell nothing new

const EffortSize& size_of(Effort effort) { return kEfforts.at(static_cast<std::size_t>(effort)); }

GenContext base_context(const std::string& contract, const CampaignOptions& options) {
  GenContext context;
  context.contract = contract;
  context.longest_row = size_of(options.effort).longest_row;
  if (!options.dtype) return context;
  context.set(Feature::mixed_dtypes, 0);
  context.set(Feature::f64, *options.dtype == DType::f64 ? 1 : 0);
  context.set(Feature::f32, *options.dtype == DType::f32 ? 1 : 0);
  context.set(Feature::f16, *options.dtype == DType::f16 ? 1 : 0);
  context.set(Feature::bf16, *options.dtype == DType::bf16 ? 1 : 0);
  return context;
}

// A hang must leave time for the rest of the campaign.
std::chrono::milliseconds call_limit(std::chrono::milliseconds wanted, double budget_seconds) {
  const auto share =
      std::chrono::milliseconds(static_cast<std::int64_t>(1000 * std::clamp(budget_seconds / 4, 1.0, 1e6)));
  return std::min(wanted, share);
}

class Campaign {
 public:
  Campaign(Kernel& kernel, const CampaignOptions& options)
      : kernel_(kernel),
        options_(options),
        budget_(options.budget_seconds.value_or(size_of(options.effort).seconds)),
        checker_(kernel, options.contract.empty() ? kernel.info().contract : options.contract,
                 call_limit(options.time_limit, budget_), options.jobs,
                 size_of(options.effort).identical_calls),
        crossing_cases_(options.crossing_cases.value_or(size_of(options.effort).crossing_cases)),
        steering_(base_context(checker_.declared(), options)),
        coverage_(size_of(options.effort).longest_row),
        book_(checker_, options.seed),
        blame_(checker_, book_),
        start_(Clock::now()) {}

  KernelReport run() {
    const std::int64_t planned = options_.cases.value_or(usual_cases());
    const PlannerOptions planning{options_.seed, planned, crossing_cases_,
                                  call_limit(options_.time_limit, budget_)};
    Planner planner(kernel_, checker_, planning, steering_, ledger_, coverage_);
    std::int64_t number = 0;
    while (number < planned && seconds() < budget_ && timeouts_ < kMostTimeouts && !seen_enough()) {
      run_case(planner.next(number));
      ++number;
      report_progress(number, planned);
    }
    return finish(number, planned);
  }

 private:
  bool seen_enough() const {
    return options_.cases_after_first && first_broken_ &&
           ledger_.cases() >= *first_broken_ + *options_.cases_after_first;
  }

  // Threads that wait for each other take several times as long, and what only they can get wrong is in every
  // case.
  std::int64_t usual_cases() const {
    return size_of(options_.effort).cases / (kernel_.info().threads > 1 ? kThreadedCost : 1);
  }

  std::string why_stopped() const {
    if (timeouts_ >= kMostTimeouts) return fmt::format("{} calls did not return", timeouts_);
    if (seen_enough()) return "enough cases followed the first that broke a law";
    return fmt::format("the budget of {:g} s ran out, so that a faster machine checks more", budget_);
  }

  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  void run_case(CasePlan plan) {
    const bool generic = families()[plan.family].generic;
    CheckedProblem checked = checker_.check(plan.problem, plan.laws, plan.placement, generic);
    if (checked.declined && plan.problem.want_lse) {
      // Declining the lse declines little: the same problem without it.
      plan.problem.want_lse = false;
      checked = checker_.check(plan.problem, plan.laws, plan.placement, generic);
      if (!checked.declined) decline_lse(plan);
    }
    const FeatureSet features = features_of(plan.problem);
    if (checked.declined) {
      steering_.declined(features);
      ledger_.declined(plan.family);
      if (plan.asked) coverage_.declined(*plan.asked);
      return;
    }
    steering_.accepted(plan.problem, features);
    coverage_.accepted(features, shape_classes_of(plan.problem.q_len(), plan.problem.kv_len()));
    ledger_.answered(plan.family);
    ledger_.checked(plan.family, record(plan.problem, std::move(checked), plan.placement),
                    describe(plan.problem));
    for (const PreparedLaw& prepared : plan.prepared) {
      if (timeouts_ < kMostTimeouts) run_prepared(plan, prepared);
    }
  }

  void decline_lse(const CasePlan& plan) {
    FeatureSet lse;
    lse.add(Feature::lse);
    steering_.declined(lse);
    if (plan.asked && plan.asked->feature == Feature::lse) coverage_.declined(*plan.asked);
  }

  void run_prepared(const CasePlan& plan, const PreparedLaw& prepared) {
    Problem problem = prepared.problem;
    problem.want_lse = plan.problem.want_lse;
    CheckedProblem checked = checker_.check(problem, {find_law("definition"), prepared.law}, plan.placement);
    if (!checked.declined) ledger_.prepared(record(problem, std::move(checked), plan.placement));
  }

  CheckedProblem record(const Problem& problem, CheckedProblem checked, Placement placement) {
    if (checked.worst() != nullptr) {
      if (!first_broken_) first_broken_ = ledger_.cases();
      blame_.settle(problem, checked, placement);
      if (!add_culprit(checked, placement)) book_.add(problem, checked, placement);
      if (checked.worst()->outcome.breach->kind == FindingKind::timeout) ++timeouts_;
    } else {
      book_.passed(problem);
    }
    return checked;
  }

  // Where a law compares two runs and one of them is outside its own bound, that run's problem breaks the law
  // "definition" by itself: it is shrunk under that, and joins the findings that other cases made of it.
  bool add_culprit(const CheckedProblem& checked, Placement placement) {
    const CheckedLaw& broken = *checked.worst();
    const std::optional<Problem>& culprit = broken.outcome.breach->culprit;
    if (!culprit || broken.law == checked.blamed) return false;
    CheckedProblem alone = checker_.check(*culprit, {find_law("definition"), find_law("lse")}, placement);
    if (alone.worst() == nullptr) return false;
    alone.laws.push_back({broken.law, broken.outcome});
    book_.add(*culprit, alone, placement);
    return true;
  }

  void report_progress(std::int64_t number, std::int64_t planned) {
    if (!options_.progress) return;
    const double now = seconds();
    if (now - last_progress_ < 0.1 && number < planned) return;
    last_progress_ = now;
    const double rest = now / static_cast<double>(number) * static_cast<double>(planned - number);
    options_.progress({number, planned, static_cast<std::int64_t>(book_.findings().size()), now,
                       std::clamp(rest, 0.0, std::max(0.0, budget_ - now))});
  }

  KernelReport finish(std::int64_t number, std::int64_t planned) {
    KernelReport report;
    report.info = kernel_.info();
    report.seed = options_.seed;
    report.planned = planned;
    report.stopped_early = number < planned;
    if (report.stopped_early) report.why_stopped = why_stopped();
    report.declines = steering_.never_accepted();
    ledger_.fill(report);
    report.coverage = coverage_.report(crossing_cases_);
    checker_.describe(report);
    report.first_broken = first_broken_;
    book_.diagnose_all();
    report.findings = book_.take();
    name_laws(report);
    write_case_files(report);
    report.verdict = verdict(report);
    report.seconds = seconds();
    return report;
  }

  // A law is broken in a finding's words where one names it, and an lse that the kernel declines is no law of
  // it.
  static void name_laws(KernelReport& report) {
    const auto declines = [&](Feature f) {
      return std::find(report.declines.begin(), report.declines.end(), name_of(f)) != report.declines.end();
    };
    for (LawReport& law : report.laws) {
      if (law.name == "lse" && law.status == LawStatus::not_applicable && declines(Feature::lse)) {
        law.why = "the kernel declines lse";
      }
      for (const Finding& finding : report.findings) {
        if (law.status == LawStatus::broken && finding.law == law.name) {
          law.why = finding.summary;
          break;
        }
      }
    }
  }

  void write_case_files(KernelReport& report) const {
    if (options_.findings_dir.empty()) return;
    const std::string& spec = options_.kernel_spec.empty() ? report.info.name : options_.kernel_spec;
    std::string stem = std::filesystem::path(report.info.name).filename().string();
    std::replace_if(
        stem.begin(), stem.end(),
        [](char c) {
          return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_' && c != '.';
        },
        '-');
    std::int64_t number = 1;
    for (Finding& finding : report.findings) {
      const auto path = options_.findings_dir / fmt::format("{}-{}.json", stem, number++);
      write_case_file(path, case_file_of(finding, spec));
      finding.file = path.string();
    }
  }

  static Verdict verdict(const KernelReport& report) {
    if (!report.findings.empty()) return Verdict::defective;
    if (!report.alarm.suspicions.empty()) return Verdict::suspect;
    return report.mistrust.empty() ? Verdict::conforming : Verdict::mistrusted;
  }

  Kernel& kernel_;
  const CampaignOptions& options_;
  double budget_;
  Checker checker_;
  std::int64_t crossing_cases_;
  Steering steering_;
  Coverage coverage_;
  FindingBook book_;
  Blame blame_;
  Ledger ledger_;
  Clock::time_point start_;
  double last_progress_ = -1;
  std::int64_t timeouts_ = 0;
  std::optional<std::int64_t> first_broken_;
};

}  // namespace

std::string_view name_of(Effort effort) { return size_of(effort).name; }

std::optional<Effort> effort_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kEfforts.size(); ++i) {
    if (kEfforts[i].name == name) return static_cast<Effort>(i);
  }
  return std::nullopt;
}

KernelReport run_campaign(Kernel& kernel, const CampaignOptions& options) {
  return Campaign(kernel, options).run();
}

}  // namespace attest
