#include "check/explain/witness.hpp"

#include "check/record/finding.hpp"

namespace attest::check {
namespace {

constexpr std::size_t kMostOfAKind = 25;
constexpr std::size_t kMostMeasured = 200;
constexpr std::int64_t kMostElements = 1 << 17;

bool is_small(const Problem& p) { return p.q.count() + p.k.count() + p.v.count() <= kMostElements; }

bool judges_base(const laws::Law& law) {
  return law.id == laws::LawId::definition || law.id == laws::LawId::lse;
}

}  // namespace

std::vector<Witness> witnesses_of(const Problem& problem, const CheckedProblem& checked,
                                  kernel::Placement placement) {
  std::vector<Witness> all{{.problem = problem, .placement = placement}};
  std::vector<Witness> further;
  for (const CheckedLaw& law : checked.laws) {
    if (law.outcome.standing != laws::LawStanding::broken) continue;
    const laws::Breach& breach = *law.outcome.breach;
    if (!is_number(breach.kind) && breach.kind != laws::FindingKind::nondeterministic) continue;
    all.front().laws.push_back(law.law);
    if (judges_base(*law.law)) {
      all.front().wrong.insert(all.front().wrong.end(), breach.elements.begin(), breach.elements.end());
    } else if (breach.culprit) {
      further.push_back({.problem = *breach.culprit,
                         .placement = placement,
                         .laws = {&laws::law_of(laws::LawId::definition), &laws::law_of(laws::LawId::lse)},
                         .wrong = breach.elements});
    }
  }
  all.insert(all.end(), further.begin(), further.end());
  return all;
}

Witness witness_of(const Problem& problem, const laws::Law& law, kernel::Placement placement,
                   const std::vector<oracle::Element>& elements) {
  Witness witness{.problem = problem, .placement = placement, .laws = {&law}};
  if (judges_base(law)) witness.wrong = elements;
  for (const laws::LawId id : {laws::LawId::definition, laws::LawId::lse}) {
    if (law.id != id) witness.laws.push_back(&laws::law_of(id));
  }
  return witness;
}

void Witnesses::add_explained(const Witness& witness) {
  if (explained_.size() < kMostOfAKind && is_small(witness.problem)) explained_.push_back(witness);
}

void Witnesses::add_measured(const Problem& problem, kernel::Placement placement) {
  if (measured_.size() < kMostMeasured && is_small(problem))
    measured_.push_back({.problem = problem, .placement = placement});
}

void Witnesses::add_passed(const Problem& problem, const CheckedProblem& checked,
                           kernel::Placement placement) {
  if (!is_small(problem)) return;
  Witness witness{.problem = problem, .placement = placement};
  for (const CheckedLaw& law : checked.laws) {
    if (law.outcome.standing == laws::LawStanding::held) witness.laws.push_back(law.law);
  }
  if (passed_.size() == kMostOfAKind) passed_.erase(passed_.begin());
  passed_.push_back(std::move(witness));
}

}  // namespace attest::check
