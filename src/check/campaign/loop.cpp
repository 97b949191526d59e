#include "check/campaign/loop.hpp"

#include <fmt/format.h>

#include "check/campaign/exploration.hpp"
#include "check/explore/learn.hpp"
#include "check/generate/families.hpp"
#include "check/record/interruption.hpp"
#include "kernel/compiling.hpp"
#include "problem/problem.hpp"

namespace attest::check {
namespace {

constexpr std::int64_t kLearningCalls = 300;  // about problems that were declined
constexpr int kCallsADecline = 30;
constexpr std::int64_t kMostFailures = 10;  // of a kernel that fails every call
constexpr std::int64_t kMostTimeouts = 4;   // each costs the whole time limit; more show nothing new

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(1000 * std::min(seconds, 1e9)));
}

}  // namespace

CampaignLoop::CampaignLoop(kernel::Kernel& kernel, const CampaignOptions& options)
    : kernel_(kernel),
      options_(options),
      size_(campaign_size(options, kernel.info().threads)),
      checker_(kernel, options.contract.empty() ? kernel.info().contract : options.contract, size_.call_limit,
               options.jobs, size_.identical_calls),
      prober_(prober_of(kernel, checker_.declared(), options)),
      book_(checker_, options.seed),
      blame_(checker_, book_),
      explainer_(kernel, checker_, book_, size_.call_limit, options.jobs),
      recorder_(size_.longest_row),
      turns_(checker_.declared(), size_.planned / kCasesOfALaw + 1),
      listeners_{&recorder_},
      start_(Clock::now()),
      compiled_before_(kernel::compiling_time()) {
  explainer_.draw_by([this](DType q, DType kv) { return drawn(q, kv); });
  if (options.budget_seconds) book_.end_at(start_ + milliseconds_of(*options.budget_seconds));
}

Planner CampaignLoop::planner(std::function<GenContext()> context, std::function<bool(std::int64_t)> judges) {
  const PlannerOptions planning{.seed = options_.seed,
                                .planned = size_.planned,
                                .crossing_cases = size_.crossing_cases,
                                .time_limit = size_.call_limit,
                                .tall_cases = size_.tall_cases,
                                .far_cases = size_.far_cases,
                                .nan_cases = size_.nan_cases,
                                .judges = std::move(judges)};
  return {kernel_, checker_, planning, std::move(context), turns_, recorder_.coverage()};
}

CampaignEnd CampaignLoop::run() {
  begin();
  Planner planner = this->planner([this] { return context(); });
  std::string why_stopped;
  while (ended_ < size_.planned && (why_stopped = why_stop()).empty()) take(planner.next(ended_));
  CampaignEnd end = this->end();
  end.why_stopped = std::move(why_stopped);
  return end;
}

void CampaignLoop::take(const CasePlan& plan) {
  run_case(plan);
  end_case();
}

void CampaignLoop::pass_over(const CasePlan& plan) {
  kernel::RunOptions options;
  options.time_limit = size_.call_limit;
  options.placement = plan.placement;
  const kernel::RunOutcome outcome = kernel_.run(plan.problem, options);
  const Outline outline = outline_of(plan.problem);
  if (outcome.status == kernel::RunStatus::unsupported) {
    note_declined(plan, outline);
  } else {
    note_accepted(plan, outline, outcome.status == kernel::RunStatus::ok);
    if (outcome.status == kernel::RunStatus::timed_out) ++timeouts_;
    if (outcome.status == kernel::RunStatus::crashed || outcome.status == kernel::RunStatus::failed)
      ++failed_;
    emit([&](CampaignListener& listener) { listener.passed_over(plan, outline); });
  }
  end_case();
}

void CampaignLoop::end_case() {
  ++ended_;
  const auto findings = static_cast<std::int64_t>(book_.findings().size());
  emit([&](CampaignListener& listener) { listener.case_ended(ended_, size_.planned, findings); });
}

CampaignEnd CampaignLoop::end() {
  if (recorder_.ledger().is_suspicious()) {
    if (auto noise = explainer_.explain_alarm()) recorder_.replace_noise(std::move(*noise));
  }
  return {.ended = ended_, .planned = size_.planned, .why_stopped = {}, .first_broken = first_broken_};
}

double CampaignLoop::seconds_of_cases() const {
  return seconds() - (kernel::compiling_time() - compiled_before_).count();
}

bool CampaignLoop::seen_enough() const {
  return options_.cases_after_first && first_broken_ &&
         answered_ >= *first_broken_ + *options_.cases_after_first;
}

std::string CampaignLoop::why_stop() const {
  if (stop_requested()) return "it was interrupted";
  if (timeouts_ >= kMostTimeouts) return fmt::format("{} calls did not return", timeouts_);
  if (failed_ >= kMostFailures && failed_ == answered_) return fmt::format("all {} calls failed", failed_);
  if (seen_enough()) return "enough cases ran after the first that broke a law";
  if (seconds_of_cases() < size_.budget_seconds) return "";
  return fmt::format("the budget of {:g} s ran out", size_.budget_seconds);
}

void CampaignLoop::find_region() {
  emit([](CampaignListener& listener) { listener.exploring(); });
  if (options_.region != nullptr) {
    region_ = std::make_shared<Region>(*options_.region);
  } else {
    region_ = std::make_shared<Region>(explore(prober_, exploring_of(kernel_, options_)));
  }
  if (!options_.required.empty()) {
    prober_.allow(kLearningCalls);
    refused_ = refusals(*region_, prober_, options_.required);
  }
  const std::int64_t calls = prober_.calls();
  emit([&](CampaignListener& listener) { listener.explored(*region_, calls); });
  book_.stay_in(region_);
  checker_.stay_in(region_);
  explainer_.stay_in(region_);
  kernel_.forget();
  prober_.allow(kLearningCalls);
}

// Where many problems are declined for reasons that no region says, outlines that were taken come again.
GenContext CampaignLoop::context() const {
  GenContext context = base_context(kernel_, checker_.declared(), options_);
  context.region = region_;
  const Ledger& ledger = recorder_.ledger();
  const std::int64_t asked = ledger.cases() + ledger.declines();
  if (asked < kFewCases) return context;
  const double answered = static_cast<double>(ledger.cases()) / static_cast<double>(asked);
  context.known_share = answered >= 0.95 ? 0 : answered >= 0.9 ? 0.4 : answered >= 0.85 ? 0.8 : 1;
  return context;
}

std::vector<Problem> CampaignLoop::drawn(DType q, DType kv) const {
  constexpr std::size_t kDrawn = 12;
  constexpr std::int64_t kTried = 200;
  std::vector<Problem> problems;
  for (std::int64_t number = 0; number < kTried && problems.size() < kDrawn; ++number) {
    CasePlan plan = plan_case(options_.seed, number, context());
    const Problem& p = plan.problem;
    if (families()[plan.family].generic && p.q.dtype() == q && p.k.dtype() == kv && p.kv_len() > 1)
      problems.push_back(std::move(plan.problem));
  }
  return problems;
}

void CampaignLoop::run_case(const CasePlan& plan) {
  // Values that are the keys as well err together with the scores, which the model of noise takes as apart.
  const bool shared = v_lies_in_k(plan.problem) || k_lies_in_q(plan.problem);
  const bool generic = families()[plan.family].generic && !shared;
  CheckedProblem checked = checker_.check(plan.problem, plan.laws, plan.placement, generic);
  const Outline outline = outline_of(plan.problem);
  if (checked.declined) return note_declined(plan, outline);
  note_accepted(plan, outline, !checked.contract.empty());  // which a judged result has
  checked = judged(plan.problem, std::move(checked), plan.placement);
  emit([&](CampaignListener& listener) { listener.answered(plan, outline, checked); });
  for (const PreparedLaw& prepared : plan.prepared) {
    if (timeouts_ < kMostTimeouts) run_prepared(plan, prepared);
  }
}

void CampaignLoop::note_declined(const CasePlan& plan, const Outline& outline) {
  emit([&](CampaignListener& listener) { listener.declined(plan); });
  if (!prober_.exhausted()) learn_from(*region_, prober_, outline, kCallsADecline);
}

void CampaignLoop::note_accepted(const CasePlan& plan, const Outline& outline, bool gave_result) {
  region_->accept(outline);
  ++answered_;
  const auto asks = [this](const Problem& problem, const Problem& call) {
    return checker_.asks(problem, call);
  };
  turns_.add(plan.problem, plan.laws, gave_result, asks);
  for (const PreparedLaw& prepared : plan.prepared)
    turns_.add(prepared.problem, {&laws::law_of(laws::LawId::definition), prepared.law}, true, asks);
}

void CampaignLoop::run_prepared(const CasePlan& plan, const PreparedLaw& prepared) {
  const Problem& problem = prepared.problem;
  CheckedProblem checked =
      checker_.check(problem, {&laws::law_of(laws::LawId::definition), prepared.law}, plan.placement);
  if (checked.declined) return;
  checked = judged(problem, std::move(checked), plan.placement);
  emit([&](CampaignListener& listener) { listener.answered_prepared(prepared, checked); });
}

// The same, after its broken laws became findings.
CheckedProblem CampaignLoop::judged(const Problem& problem, CheckedProblem checked,
                                    kernel::Placement placement) {
  if (checked.worst() == nullptr) {
    book_.passed(problem);
    explainer_.passed(problem, checked, placement);
    return checked;
  }
  blame_.settle(problem, checked, placement);
  if (explainer_.explain(problem, checked, placement, answered_))
    return judged(problem, under_the_new_contract(problem, checked, placement), placement);
  if (!first_broken_) first_broken_ = answered_;
  if (!add_culprit(checked, placement)) book_.add(problem, checked, placement);
  const laws::FindingKind kind = checked.worst()->outcome.breach->kind;
  if (kind == laws::FindingKind::timeout) ++timeouts_;
  if (kind == laws::FindingKind::crash || kind == laws::FindingKind::failed) ++failed_;
  return checked;
}

CheckedProblem CampaignLoop::under_the_new_contract(const Problem& problem, const CheckedProblem& checked,
                                                    kernel::Placement placement) {
  recorder_.replace_noise({});
  std::vector<const laws::Law*> laws;
  for (const CheckedLaw& law : checked.laws) laws.push_back(law.law);
  return checker_.check(problem, laws, placement, checked.noise.outputs > 0);
}

// Where a law compares two runs and one of them is outside its own bound, that run's problem breaks the law
// "definition" by itself: it is shrunk under that, and joins the findings that other cases made of it.
bool CampaignLoop::add_culprit(const CheckedProblem& checked, kernel::Placement placement) {
  const CheckedLaw& broken = *checked.worst();
  const std::optional<Problem>& culprit = broken.outcome.breach->culprit;
  if (!culprit || broken.law == checked.blamed) return false;
  CheckedProblem alone = checker_.check(
      *culprit, {&laws::law_of(laws::LawId::definition), &laws::law_of(laws::LawId::lse)}, placement);
  if (alone.worst() == nullptr) return false;
  alone.laws.push_back({broken.law, broken.outcome});
  book_.add(*culprit, alone, placement);
  return true;
}

}  // namespace attest::check
