#include "check/campaign/earlier_calls.hpp"

#include <algorithm>
#include <utility>

#include "check/case_file/case_file.hpp"
#include "check/generate/families.hpp"
#include "check/shrink/shrink_greedily.hpp"

namespace attest::check {
namespace {

constexpr std::size_t kCallsKept = 8;
static_assert(kCallsKept <= kMostEarlier);
constexpr std::int64_t kElementsKept = std::int64_t{1} << 20;
constexpr std::size_t kCasesKept = 24;  // no campaign shrinks more

std::int64_t elements_of(const Problem& p) { return p.q.count() + p.k.count() + p.v.count(); }

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

void EarlierCalls::explored(const Region& /*region*/, std::int64_t /*calls*/) { before_.clear(); }

void EarlierCalls::declined(const CasePlan& /*plan*/) { before_ = kernel_.calls(); }

void EarlierCalls::answered(const CasePlan& plan, const Outline& /*outline*/, const CheckedProblem& checked) {
  note(plan.problem, checked);
}

void EarlierCalls::answered_prepared(const PreparedLaw& prepared, const CheckedProblem& checked) {
  note(prepared.problem, checked);
}

void EarlierCalls::note(const Problem& problem, const CheckedProblem& checked) {
  if (const CheckedLaw* broken = checked.worst(); broken != nullptr && seen_.size() < kCasesKept) {
    seen_.try_emplace(describe(problem), Seen{problem, before_});
    // Such a problem may be a finding of its own.
    if (const auto& culprit = broken->outcome.breach->culprit)
      seen_.try_emplace(describe(*culprit), Seen{*culprit, before_});
  }
  before_ = kernel_.calls();
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

void EarlierCalls::settle(Finding& finding, Checker& checker) {
  if (fails(finding.problem, {}, finding, checker)) return;
  const auto seen = seen_.find(finding.first_seen);
  if (seen == seen_.end()) return;
  RememberingKernel::Calls earlier = seen->second.before;
  const bool small = fails(finding.problem, earlier, finding, checker);
  if (!small && !fails(seen->second.problem, earlier, finding, checker)) return;
  for (std::size_t at = 0; at < earlier.size();) {
    RememberingKernel::Calls fewer = earlier;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at));
    if (!fewer.empty() && fails(finding.problem, fewer, finding, checker))
      earlier = std::move(fewer);
    else
      ++at;
  }
  if (!small) {
    const auto still = [&](const Problem& candidate) { return fails(candidate, earlier, finding, checker); };
    const ShrinkResult shrinking = shrink_greedily(shrinkable(finding.problem), still, kShrinking);
    finding.minimal = shrinking.ended;
    finding.shrinks = shrinking.accepted;
  }
  for (const auto& call : earlier) finding.earlier.push_back(*call);
}

}  // namespace attest::check
