#include "check/campaign/earlier_calls.hpp"

#include <algorithm>
#include <utility>

#include "check/case_file/case_file.hpp"
#include "check/generate/families.hpp"
#include "check/record/problem_size.hpp"
#include "check/shrink/shrink_greedily.hpp"

namespace attest::check {
namespace {

constexpr std::size_t kCallsKept = 8;
static_assert(kCallsKept <= kMostEarlier);
constexpr std::int64_t kElementsKept = std::int64_t{1} << 20;
constexpr std::size_t kCallsOfCase = 16;
constexpr std::size_t kCasesKept = 24;  // no campaign shrinks more

bool may_depend(laws::FindingKind kind) {
  return is_number(kind) || kind == laws::FindingKind::nondeterministic;
}

// With each attempt a process starts.
constexpr ShrinkLimits kShrinking{.cost = 200, .time = std::chrono::milliseconds{10'000}};

}  // namespace

kernel::RunOutcome RememberingKernel::run(const Problem& problem, const kernel::RunOptions& options) {
  kernel::RunOutcome outcome = kernel_.run(problem, options);
  // A new process starts after these.
  if (outcome.status == kernel::RunStatus::crashed || outcome.status == kernel::RunStatus::timed_out) {
    calls_.clear();
    elements_ = 0;
    return outcome;
  }
  calls_.push_back(std::make_shared<const Problem>(problem));
  if (since_mark_.size() < kCallsOfCase) since_mark_.push_back(calls_.back());
  elements_ += elements_of(problem);
  while (calls_.size() > kCallsKept || (elements_ > kElementsKept && calls_.size() > 1)) {
    elements_ -= elements_of(*calls_.front());
    calls_.pop_front();
  }
  return outcome;
}

void RememberingKernel::forget() {
  kernel_.forget();
  calls_.clear();
  elements_ = 0;
}

void EarlierCalls::begin_case() {
  before_ = kernel_.calls();
  kernel_.mark();
}

void EarlierCalls::explored(const Region& /*region*/, std::int64_t /*calls*/) {
  before_.clear();  // a new process follows
  kernel_.mark();
}

void EarlierCalls::declined(const CasePlan& /*plan*/) { begin_case(); }

void EarlierCalls::answered(const CasePlan& plan, const Outline& /*outline*/, const CheckedProblem& checked) {
  note(plan.problem, checked);
}

void EarlierCalls::passed_over(const CasePlan& /*plan*/, const Outline& /*outline*/) { begin_case(); }

void EarlierCalls::answered_prepared(const PreparedLaw& prepared, const CheckedProblem& checked) {
  note(prepared.problem, checked);
}

void EarlierCalls::note(const Problem& problem, const CheckedProblem& checked) {
  if (const CheckedLaw* broken = checked.worst(); broken != nullptr && seen_.size() < kCasesKept) {
    seen_.try_emplace(describe(problem), Seen{problem, before_, kernel_.since_mark()});
    // Such a problem may be a finding of its own.
    if (const auto& culprit = broken->outcome.breach->culprit)
      seen_.try_emplace(describe(*culprit), Seen{*culprit, before_, kernel_.since_mark()});
  }
  begin_case();
}

// In a new process. The finding gets the numbers of the failure.
bool EarlierCalls::fails(const Problem& problem, const RememberingKernel::Calls& earlier, Finding& finding,
                         Checker& checker) {
  checker.forget();
  kernel::RunOptions options;
  options.placement = finding.placement;
  for (const auto& call : earlier) kernel_.run(*call, options);
  const laws::Law& law = *laws::find_law(finding.law);
  laws::LawOutcome outcome = checker.check(problem, law, finding.placement);
  if (outcome.standing != laws::LawStanding::broken || outcome.breach->kind != finding.kind) return false;
  if (earlier.empty()) return true;
  finding.problem = problem;
  finding.summary = outcome.breach->summary;
  finding.variant = outcome.breach->variant;
  finding.elements = std::move(outcome.breach->elements);
  finding.crash = std::move(outcome.breach->crash);
  finding.printed = std::move(outcome.breach->printed);
  return true;
}

void EarlierCalls::settle(std::vector<Finding>& findings, Checker& checker) {
  if (kernel_.starts_for_each_call() || kernel_.prefers_batches()) return;  // commands keep nothing
  for (Finding& finding : findings) {
    const laws::Law* law = laws::find_law(finding.law);
    if (law == nullptr || law->fresh || !may_depend(finding.kind)) continue;
    settle(finding, checker);
  }
}

// Calls after which the finding's problem fails, or else the problem on which it was first seen: those before
// the case, or one of them or of the case's own. Empty: none do. The finding has the problem that fails.
RememberingKernel::Calls EarlierCalls::needed_for(Finding& finding, const Seen& seen, Checker& checker) {
  const Problem smallest = finding.problem;
  std::vector<RememberingKernel::Calls> tried{seen.before};
  for (const RememberingKernel::Calls* calls : {&seen.before, &seen.during}) {
    for (auto call = calls->rbegin(); call != calls->rend(); ++call) tried.push_back({*call});
  }
  for (const Problem* problem : {&smallest, &seen.problem}) {
    for (const RememberingKernel::Calls& earlier : tried) {
      if (!earlier.empty() && fails(*problem, earlier, finding, checker)) return earlier;
    }
  }
  return {};
}

void EarlierCalls::settle(Finding& finding, Checker& checker) {
  if (fails(finding.problem, {}, finding, checker)) return;
  const auto seen = seen_.find(finding.first_seen);
  if (seen == seen_.end()) return;
  RememberingKernel::Calls earlier = needed_for(finding, seen->second, checker);
  if (earlier.empty()) return;
  for (std::size_t at = 0; at < earlier.size() && earlier.size() > 1;) {
    RememberingKernel::Calls fewer = earlier;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at));
    if (fails(finding.problem, fewer, finding, checker))
      earlier = std::move(fewer);
    else
      ++at;
  }
  const auto still = [&](const Problem& candidate) { return fails(candidate, earlier, finding, checker); };
  const ShrinkResult shrinking = shrink_greedily(shrinkable(finding.problem), still, kShrinking);
  finding.minimal = shrinking.ended;
  finding.shrinks += shrinking.accepted;
  for (const auto& call : earlier) finding.earlier.push_back(*call);
}

}  // namespace attest::check
