#include "check/findings/blame.hpp"

#include <algorithm>
#include <bit>

namespace attest::check {
namespace {

constexpr std::uint64_t kKnownAsked = 8;

bool changes(laws::FindingKind kind) {
  return kind == laws::FindingKind::nondeterministic || kind == laws::FindingKind::uninitialised;
}

}  // namespace

void Blame::settle(const Problem& problem, CheckedProblem& checked, kernel::Placement placement) {
  const laws::FindingKind kind = checked.worst()->outcome.breach->kind;
  if (!is_number(kind) && !changes(kind)) return;
  const bool known = book_.knows(problem, checked);
  if (known) ++known_;
  const bool ask = !known || known_ <= kKnownAsked || std::has_single_bit(known_);
  if ((ask || repeats_to_blame_ > 0) &&
      blames(laws::law_of(laws::LawId::repeat), problem, checked, placement)) {
    ++repeats_to_blame_;
    return;
  }
  if ((ask || histories_to_blame_ > 0) &&
      blames(laws::law_of(laws::LawId::history), problem, checked, placement))
    ++histories_to_blame_;
}

// Whether the law is broken when asked alone.
bool Blame::blames(const laws::Law& law, const Problem& problem, CheckedProblem& checked,
                   kernel::Placement placement) {
  laws::LawOutcome alone = checker_.check(problem, law, placement);
  if (alone.standing != laws::LawStanding::broken) return false;
  if (alone.breach->culprit && wrong_by_itself(*alone.breach->culprit, placement)) return false;
  checked.laws.erase(std::remove_if(checked.laws.begin(), checked.laws.end(),
                                    [&](const CheckedLaw& c) { return c.law == &law; }),
                     checked.laws.end());
  checked.laws.push_back({&law, std::move(alone)});
  checked.blamed = &law;
  return true;
}

bool Blame::wrong_by_itself(const Problem& problem, kernel::Placement placement) {
  checker_.forget();
  return checker_
             .check(problem, {&laws::law_of(laws::LawId::definition), &laws::law_of(laws::LawId::lse)},
                    placement)
             .worst() != nullptr;
}

}  // namespace attest::check
