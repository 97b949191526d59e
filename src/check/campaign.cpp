#include "check/campaign.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <deque>

#include <fmt/format.h>

#include "check/case_file.hpp"
#include "check/case_plan.hpp"
#include "check/finding_book.hpp"
#include "check/ledger.hpp"
#include "check/steering.hpp"

namespace attest {
namespace {

using Clock = std::chrono::steady_clock;

struct EffortSize {
  std::string_view name;
  std::int64_t cases;
  double seconds;
  std::int64_t longest_row;
};

constexpr std::array<EffortSize, 3> kEfforts{{
    {"quick", 600, 10, (1 << 13) + 4},
    {"ci", 4000, 60, (1 << 16) + 4},
    {"deep", 40'000, 600, (1 << 16) + 4},
}};

constexpr std::uint64_t kHistoriesAsked = 8;
constexpr std::int64_t kBatch = 16;
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

bool is_value(FindingKind kind) {
  return kind == FindingKind::wrong_value || kind == FindingKind::nan || kind == FindingKind::lse;
}

class Campaign {
 public:
  Campaign(Kernel& kernel, const CampaignOptions& options)
      : kernel_(kernel),
        options_(options),
        budget_(options.budget_seconds.value_or(size_of(options.effort).seconds)),
        checker_(kernel, options.contract.empty() ? kernel.info().contract : options.contract,
                 call_limit(options.time_limit, budget_), options.jobs),
        steering_(base_context(checker_.declared(), options)),
        book_(checker_, options.seed),
        start_(Clock::now()) {}

  KernelReport run() {
    const std::int64_t planned = options_.cases.value_or(size_of(options_.effort).cases);
    std::int64_t number = 0;
    while (number < planned && seconds() < budget_ && timeouts_ < kMostTimeouts && !seen_enough()) {
      run_case(next_case(number, planned));
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

  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  // Kernels that are slow to start learn of many cases at once, planned on what was declined before all of
  // them.
  CasePlan next_case(std::int64_t number, std::int64_t planned) {
    if (!kernel_.prefers_batches()) return plan_case(options_.seed, number, steering_.context());
    if (ahead_.empty()) {
      const GenContext context = steering_.context();
      std::vector<Problem> problems;
      for (std::int64_t n = number; n < std::min(planned, number + kBatch); ++n) {
        ahead_.push_back(plan_case(options_.seed, n, context));
        announce(ahead_.back(), problems);
      }
      kernel_.prefetch(problems, call_limit(options_.time_limit, budget_));
    }
    CasePlan plan = std::move(ahead_.front());
    ahead_.pop_front();
    return plan;
  }

  void announce(const CasePlan& plan, std::vector<Problem>& problems) {
    const auto add = [&](const Problem& problem, const std::vector<const Law*>& laws) {
      problems.push_back(problem);
      const ContractSet& contract = checker_.contract(problem);
      for (const Law* law : laws) {
        if (law->calls == nullptr || !law->why_not(problem, contract).empty()) continue;
        for (Call& call : law->calls(problem, contract)) problems.push_back(std::move(call.problem));
      }
    };
    add(plan.problem, plan.laws);
    for (const PreparedLaw& prepared : plan.prepared) add(prepared.problem, {prepared.law});
  }

  void run_case(CasePlan plan) {
    const bool generic = families()[plan.family].generic;
    CheckedProblem checked = checker_.check(plan.problem, plan.laws, plan.placement, generic);
    if (checked.declined && plan.problem.want_lse) {
      // Declining the lse declines little: the same problem without it.
      plan.problem.want_lse = false;
      checked = checker_.check(plan.problem, plan.laws, plan.placement, generic);
      if (!checked.declined) decline_lse();
    }
    if (checked.declined) {
      steering_.declined(features_of(plan.problem));
      ledger_.declined(plan.family);
      return;
    }
    steering_.accepted(plan.problem, features_of(plan.problem));
    ledger_.answered(plan.family);
    ledger_.checked(plan.family, record(plan.problem, std::move(checked), plan.placement),
                    describe(plan.problem));
    for (const PreparedLaw& prepared : plan.prepared) {
      if (timeouts_ < kMostTimeouts) run_prepared(plan, prepared);
    }
  }

  void decline_lse() {
    FeatureSet lse;
    lse.add(Feature::lse);
    steering_.declined(lse);
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
      classify(problem, checked, placement);
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
    if (!culprit) return false;
    CheckedProblem alone = checker_.check(*culprit, {find_law("definition"), find_law("lse")}, placement);
    if (alone.worst() == nullptr) return false;
    alone.laws.push_back({broken.law, broken.outcome});
    book_.add(*culprit, alone, placement);
    return true;
  }

  // A wrong value may be a value that changes, or that an earlier call left behind: the laws "repeat" and
  // "history" tell, each asked alone, since the calls of other laws count as history too.
  void classify(const Problem& problem, CheckedProblem& checked, Placement placement) {
    const FindingKind kind = checked.worst()->outcome.breach->kind;
    const bool changes = kind == FindingKind::nondeterministic || kind == FindingKind::uninitialised;
    if (!is_value(kind) && !changes) return;
    if (blames(*find_law("repeat"), problem, checked, placement)) return;
    // Each question takes a new process: ever fewer are asked while none was to blame.
    ++wrong_values_;
    const bool ask = wrong_values_ <= kHistoriesAsked || std::has_single_bit(wrong_values_);
    if (!ask && histories_to_blame_ == 0) return;
    if (blames(*find_law("history"), problem, checked, placement)) ++histories_to_blame_;
  }

  // Whether the law is broken when asked alone.
  bool blames(const Law& law, const Problem& problem, CheckedProblem& checked, Placement placement) {
    LawOutcome alone = checker_.check(problem, law, placement);
    if (alone.standing != LawStanding::broken) return false;
    checked.laws.erase(std::remove_if(checked.laws.begin(), checked.laws.end(),
                                      [&](const CheckedLaw& c) { return c.law == &law; }),
                       checked.laws.end());
    checked.laws.push_back({&law, std::move(alone)});
    checked.blamed = &law;
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
    report.declines = steering_.never_accepted();
    ledger_.fill(report);
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
  Steering steering_;
  FindingBook book_;
  Ledger ledger_;
  Clock::time_point start_;
  double last_progress_ = -1;
  std::deque<CasePlan> ahead_;  // planned and announced
  std::int64_t timeouts_ = 0;
  std::int64_t histories_to_blame_ = 0;
  std::uint64_t wrong_values_ = 0;
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
