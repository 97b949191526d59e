#include "check/campaign/campaign.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/campaign/ledger.hpp"
#include "check/campaign/planner.hpp"
#include "check/case_file/case_file.hpp"
#include "check/explore/explore.hpp"
#include "check/explore/learn.hpp"
#include "check/explore/refusal.hpp"
#include "check/findings/blame.hpp"
#include "check/findings/finding_book.hpp"

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
  std::int64_t tall_cases;       ///< with thousands of rows
  std::int64_t far_cases;        ///< with mask rows past 2^32 elements
};

// A fault that one case of a crossing in three shows goes unseen in 6 of them once in 11 campaigns.
constexpr std::array<EffortSize, 3> kEfforts{{
    {"quick", 600, 10, (1 << 13) + 4, 0, 0, 0, 0},
    {"ci", 2200, 60, (1 << 16) + 4, 6, 0, 8, 24},
    {"deep", 40'000, 600, (1 << 16) + 4, 32, 10'000, 64, 200},
}};

constexpr std::int64_t kThreadedCost = 5;
// A share of the effort's cases that a verdict needs, whatever the machine; and the fewest where the caller
// asked for a number of cases of his own.
constexpr std::int64_t kNeededShare = 4;
constexpr std::int64_t kFewCases = 20;
// No clock ends an effort before this many times what it usually takes.
constexpr double kPatience = 6;
constexpr std::int64_t kExploringCalls = 900;  // the search for a first problem included
constexpr std::int64_t kLearningCalls = 300;  // further ones of a campaign, about problems that were declined
constexpr int kCallsADecline = 30;
constexpr std::int64_t kMostTimeouts = 4;  // each costs the whole time limit; more tell nothing new

const EffortSize& size_of(Effort effort) { return kEfforts.at(static_cast<std::size_t>(effort)); }

// The share that the effort has of them, so that a short campaign is not made of them.
std::int64_t far_cases(const EffortSize& effort, std::int64_t planned) {
  return effort.far_cases * planned / effort.cases;
}

GenContext base_context(const Kernel& kernel, const std::string& contract, const CampaignOptions& options) {
  GenContext context;
  if (!kernel.takes_layouts()) {
    for (const Feature f : {Feature::strided_out, Feature::shared_address, Feature::far_offsets})
      context.set(f, 0);
  }
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

ExploreOptions exploring_of(const Kernel& kernel, const CampaignOptions& options) {
  ExploreOptions exploring;
  if (options.dtype) exploring.dtypes = {{*options.dtype, *options.dtype}};
  exploring.lean = kernel.starts_for_each_call();
  exploring.layouts = kernel.takes_layouts();
  return exploring;
}

Prober prober_of(Kernel& kernel, const std::string& contract, const CampaignOptions& options) {
  Prober::Limits limits;
  limits.calls = kExploringCalls;
  limits.call = std::min(limits.call, options.time_limit);
  return {kernel, base_context(kernel, contract, options), limits};
}

class Campaign {
 public:
  Campaign(Kernel& kernel, const CampaignOptions& options)
      : kernel_(kernel),
        options_(options),
        budget_(options.budget_seconds.value_or(kPatience * size_of(options.effort).seconds)),
        checker_(kernel, options.contract.empty() ? kernel.info().contract : options.contract,
                 call_limit(options.time_limit, budget_), options.jobs,
                 size_of(options.effort).identical_calls),
        crossing_cases_(options.crossing_cases.value_or(size_of(options.effort).crossing_cases)),
        prober_(prober_of(kernel, checker_.declared(), options)),
        coverage_(size_of(options.effort).longest_row),
        book_(checker_, options.seed),
        blame_(checker_, book_),
        start_(Clock::now()) {
    if (options.budget_seconds) book_.end_at(start_ + seconds_of(*options.budget_seconds));
  }

  KernelReport run() {
    find_region();
    const std::int64_t planned = options_.cases.value_or(usual_cases());
    const PlannerOptions planning{options_.seed,
                                  planned,
                                  crossing_cases_,
                                  call_limit(options_.time_limit, budget_),
                                  options_.cases ? 0 : size_of(options_.effort).tall_cases,
                                  far_cases(size_of(options_.effort), planned)};
    Planner planner(
        kernel_, checker_, planning, [this] { return context(); }, ledger_, coverage_);
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

  std::int64_t needed_cases() const {
    return options_.cases ? std::min(kFewCases, *options_.cases) : usual_cases() / kNeededShare;
  }

  std::string why_stopped() const {
    if (timeouts_ >= kMostTimeouts) return fmt::format("{} calls did not return", timeouts_);
    if (seen_enough()) return "enough cases ran after the first that broke a law";
    return fmt::format("the budget of {:g} s ran out", budget_);
  }

  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  static std::chrono::milliseconds seconds_of(double seconds) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(1000 * std::min(seconds, 1e9)));
  }

  void find_region() {
    if (options_.progress) options_.progress({.exploring = true});
    if (options_.region != nullptr) {
      region_ = std::make_shared<Region>(*options_.region);
    } else {
      region_ = std::make_shared<Region>(explore(prober_, exploring_of(kernel_, options_)));
    }
    if (!options_.required.empty()) {
      prober_.allow(kLearningCalls);
      refused_ = refusals(*region_, prober_, options_.required);
    }
    explored_ = prober_.calls();
    book_.stay_in(region_);
    checker_.stay_in(region_);
    kernel_.forget();
    prober_.allow(kLearningCalls);
  }

  // Where many problems are declined for reasons that no region says, outlines that were taken come again.
  GenContext context() const {
    GenContext context = base_context(kernel_, checker_.declared(), options_);
    context.region = region_;
    const std::int64_t asked = ledger_.cases() + ledger_.declines();
    if (asked < kFewCases) return context;
    const double answered = static_cast<double>(ledger_.cases()) / static_cast<double>(asked);
    context.known_share = answered >= 0.95 ? 0 : answered >= 0.9 ? 0.4 : answered >= 0.85 ? 0.8 : 1;
    return context;
  }

  void run_case(const CasePlan& plan) {
    // Values that are the keys as well err together with the scores, which the model of noise takes as apart.
    const bool shared = v_lies_in_k(plan.problem) || k_lies_in_q(plan.problem);
    const bool generic = families()[plan.family].generic && !shared;
    CheckedProblem checked = checker_.check(plan.problem, plan.laws, plan.placement, generic);
    ledger_.left_out(plan.left_out);
    const Outline outline = outline_of(plan.problem);
    if (checked.declined) {
      ledger_.declined(plan.family);
      if (plan.asked) coverage_.declined(*plan.asked);
      if (!prober_.exhausted()) learn_from(*region_, prober_, outline, kCallsADecline);
      return;
    }
    region_->accept(outline);
    coverage_.accepted(features_of(plan.problem),
                       shape_classes_of(plan.problem.q_len(), plan.problem.kv_len()), outline.dtypes);
    note_extents(outline.shape);
    ledger_.answered(plan.family);
    ledger_.checked(plan.family, record(plan.problem, std::move(checked), plan.placement),
                    describe(plan.problem));
    for (const PreparedLaw& prepared : plan.prepared) {
      if (timeouts_ < kMostTimeouts) run_prepared(plan, prepared);
    }
  }

  void note_extents(const Shape& s) {
    const std::array<std::int64_t, 7> extents{s.batch,  s.q_heads, s.kv_heads, s.q_len,
                                              s.kv_len, s.qk_dim,  s.v_dim};
    for (std::size_t i = 0; i < extents.size(); ++i) largest_[i] = std::max(largest_[i], extents[i]);
  }

  // What a user requires and the kernel declines, each a finding of its own.
  void add_refusals(KernelReport& report) const {
    for (const Refusal& refusal : refused_) {
      Finding finding;
      finding.law = "required";
      finding.kind = FindingKind::declined;
      finding.summary = "declines " + refusal.what + ", which --require names";
      finding.problem = prober_.problem_of(refusal.outline);
      finding.laws = {finding.law};
      finding.declared_contract = checker_.declared();
      finding.first_seen = describe(finding.problem);
      finding.seed = options_.seed;
      report.findings.push_back(std::move(finding));
    }
  }

  void describe_region(KernelReport& report) const {
    RegionReport& region = report.region;
    region.calls = explored_;
    region_->describe(region);
    std::vector<std::string> unmet = coverage_.without_cases(*region_);
    if (!options_.cases && !report.stopped_early && !report.findings.empty()) unmet.clear();
    for (const std::string& name : unmet) region.not_examined.push_back(name + " (accepted, not covered)");
    // A caller's own number of cases may be too small for all of them.
    if (!options_.cases && !options_.cases_after_first && !unmet.empty() && ledger_.cases() > 0)
      report.mistrust.push_back(
          fmt::format("no case covers {}, which the kernel accepts", fmt::join(unmet, ", ")));
    constexpr std::array<const char*, 7> kNames{"batch",  "q_heads", "kv_heads", "q_len",
                                                "kv_len", "qk_dim",  "v_dim"};
    for (std::size_t i = 0; i < kNames.size(); ++i) region.largest.emplace_back(kNames[i], largest_[i]);
  }

  void run_prepared(const CasePlan& plan, const PreparedLaw& prepared) {
    const Problem& problem = prepared.problem;
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
    ledger_.fill(report, needed_cases());
    report.shrink_steps_left_out = book_.steps_left_out();
    report.coverage = coverage_.report(crossing_cases_);
    checker_.describe(report);
    report.first_broken = first_broken_;
    book_.diagnose_all();
    report.findings = book_.take();
    add_refusals(report);
    describe_region(report);
    name_laws(report);
    write_case_files(report, options_);
    report.verdict = verdict(report);
    report.seconds = seconds();
    return report;
  }

  // A law is broken in a finding's words where one names it, and an lse that the kernel declines is no law of
  // it.
  void name_laws(KernelReport& report) const {
    const auto declines = [&](Feature f) { return region_->decided(f) == Region::Decided::declined; };
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
  Prober prober_;
  std::shared_ptr<Region> region_;
  std::vector<Refusal> refused_;
  std::int64_t explored_ = 0;
  std::array<std::int64_t, 7> largest_{};
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

void write_case_files(KernelReport& report, const CampaignOptions& options) {
  if (options.findings_dir.empty()) return;
  const std::string& spec = options.kernel_spec.empty() ? report.info.name : options.kernel_spec;
  std::string stem = std::filesystem::path(report.info.name).filename().string();
  std::replace_if(
      stem.begin(), stem.end(),
      [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_' && c != '.';
      },
      '-');
  std::int64_t number = 1;
  for (Finding& finding : report.findings) {
    const auto path = options.findings_dir / fmt::format("{}-{}.json", stem, number++);
    write_case_file(path, case_file_of(finding, spec));
    finding.file = path.string();
  }
}

std::shared_ptr<const Region> explore_kernel(Kernel& kernel, const CampaignOptions& options) {
  const std::string& contract = options.contract.empty() ? kernel.info().contract : options.contract;
  Prober prober = prober_of(kernel, contract, options);
  const auto region = std::make_shared<const Region>(explore(prober, exploring_of(kernel, options)));
  kernel.forget();
  return region;
}

KernelReport run_campaign(Kernel& kernel, const CampaignOptions& options) {
  return Campaign(kernel, options).run();
}

}  // namespace attest
