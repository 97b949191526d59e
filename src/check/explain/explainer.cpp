#include "check/explain/explainer.hpp"

#include <algorithm>

namespace attest::check {
namespace {

constexpr std::int64_t kMostSearches = 12;  // in one campaign
constexpr std::size_t kMostEvidence = 4;    // withdrawn findings that a report shows

// The fault that certainly explains a finding; none: there is none.
faults::KernelFault certain_fault(const Finding& finding) {
  if (finding.diagnosis.empty() || !finding.diagnosis.front().certified) return faults::KernelFault::none;
  return finding.diagnosis.front().hypothesis.fault;
}

// Of what is narrower: not calls that differ, which were seen to.
bool is_narrow(const Relaxations& relaxations) {
  return std::any_of(relaxations.begin(), relaxations.end(), [](const Relaxation* r) {
    return r->kind == RelaxationClass::narrower && !lets_calls_differ(*r);
  });
}

}  // namespace

bool is_narrow_arithmetic(faults::KernelFault fault) {
  switch (fault) {
    case faults::KernelFault::score_rounded_f16:
    case faults::KernelFault::products_tf32:
    case faults::KernelFault::query_in_f16:
    case faults::KernelFault::accumulate_f16:
    case faults::KernelFault::accumulate_bf16:
      return true;
    default:
      return false;
  }
}

std::optional<RelaxationClass> first_class_for(const Finding& finding) {
  const faults::KernelFault fault = certain_fault(finding);
  if (fault == faults::KernelFault::none) return RelaxationClass::ordinary;
  if (is_narrow_arithmetic(fault)) return RelaxationClass::narrower;
  return std::nullopt;
}

bool Explainer::asks(const Problem& problem, const CheckedProblem& checked) {
  if (checker_.contract(problem).declared) return false;
  const CheckedLaw& worst = *checked.worst();
  const bool repeats = worst.law->id == laws::LawId::repeat &&
                       worst.outcome.breach->kind == laws::FindingKind::nondeterministic;
  const bool asked = is_number(worst.outcome.breach->kind) && checked.blamed == nullptr;
  if (!asked && !repeats) return false;
  return searches_ < kMostSearches && !book_.knows(problem, checked);
}

// An overflow alone is no evidence: one of the cases has to be right for a reason. What was explained before
// must not be wrong now, though a coarser contract may say nothing of it.
Explained Explainer::ask(const std::vector<Witness>& breach, const Relaxations& under) {
  Explained least = Explained::right;
  bool right = false;
  for (const Witness& witness : breach) {
    const Explained one = trial_.ask(witness, under);
    if (one == Explained::wrong) return one;
    least = std::min(least, one);
    right = right || one == Explained::right;
  }
  for (const Witness& witness : witnesses_.explained()) {
    const Explained one = trial_.ask(witness, under);
    if (one == Explained::wrong) return one;
    right = right || one == Explained::right;
  }
  return least == Explained::in_doubt && right ? Explained::right : least;
}

std::optional<Relaxations> Explainer::least(const std::vector<Witness>& breach, RelaxationClass first) {
  const Problem& p = breach.front().problem;
  const auto under = [&](const Relaxations& relaxations) { return ask(breach, relaxations); };
  auto found = least_explanation(p.q.dtype(), p.k.dtype(), adopted_, under, first);
  return found && trial_.ask(witnesses_.passed(), *found) != Explained::wrong ? found : std::nullopt;
}

bool Explainer::calls_differ(const Problem& problem, kernel::Placement placement) {
  if (calls_differ_) return true;
  kernel::RunOptions options;
  options.time_limit = time_limit_;
  options.placement = placement;
  calls_differ_ = check::calls_differ(kernel_, problem, options);
  if (calls_differ_) trial_.calls_differ();
  return calls_differ_;
}

// Narrow arithmetic shows in most problems of its dtypes. What shows in few has another cause, though some
// arithmetic is loose enough to allow it.
bool Explainer::shows_in_most(const Problem& like) {
  if (is_narrow(adopted_)) return true;  // it was asked before
  std::size_t asked = 0;
  std::size_t wrong = 0;
  for (Problem& problem : drawn_(like.q.dtype(), like.k.dtype())) {
    const Witness witness{.problem = std::move(problem), .laws = {&laws::law_of(laws::LawId::definition)}};
    ++asked;
    if (trial_.ask(witness, adopted_) == Explained::wrong) ++wrong;
  }
  return 2 * wrong >= asked;
}

bool Explainer::explain(const Problem& problem, const CheckedProblem& checked, kernel::Placement placement,
                        std::int64_t number) {
  if (!asks(problem, checked)) return false;
  ++searches_;
  const bool changes = calls_differ(problem, placement);
  if (!changes && checked.worst()->outcome.breach->kind == laws::FindingKind::nondeterministic) return false;
  std::vector<Witness> breach = witnesses_of(problem, checked, placement);
  std::optional<Relaxations> found = least(breach);
  if (!found) return false;
  Finding smallest = book_.smallest(problem, checked, placement);
  const std::optional<RelaxationClass> first = first_class_for(smallest);
  if (!first) return false;
  breach.push_back(
      witness_of(smallest.problem, *laws::find_law(smallest.law), smallest.placement, smallest.elements));
  if (kind_of(*found) < *first || ask(breach, *found) != Explained::right) found = least(breach, *first);
  if (!found) return false;
  if (is_narrow(*found) && !shows_in_most(problem)) return false;
  for (const Witness& witness : breach) witnesses_.add_explained(witness);
  adopt(*found, problem);
  inferred_->from_case = number;
  if (inferred_->evidence.size() < kMostEvidence) inferred_->evidence.push_back(std::move(smallest));
  return true;
}

std::optional<oracle::Alarm> Explainer::explain_alarm() {
  const std::vector<Witness>& measured = witnesses_.measured();
  if (measured.empty()) return std::nullopt;
  const std::vector<std::string> suspicions = trial_.noise(measured, adopted_).suspicions();
  if (suspicions.empty()) return std::nullopt;
  const Problem& p = measured.front().problem;
  for (const Relaxation& relaxation : relaxations()) {
    if (!relaxation.applies(p.q.dtype(), p.k.dtype())) continue;
    Relaxations candidate = adopted_;
    candidate.push_back(&relaxation);
    oracle::Alarm alarm = trial_.noise(measured, candidate);
    if (alarm.outputs() == 0 || !alarm.suspicions().empty()) continue;
    if (ask({}, candidate) != Explained::right) continue;
    adopt(candidate, p);
    inferred_->alarm = suspicions.front();
    return alarm;
  }
  return std::nullopt;
}

void Explainer::adopt(const Relaxations& relaxations, const Problem& problem) {
  adopted_ = relaxations;
  checker_.relax([this](DType q, DType kv) {
    const bool declared = oracle::contract_for(checker_.declared(), q, kv).declared;
    return declared ? "" : fields_of(adopted_, q, kv);
  });
  InferredContract inferred = inferred_.value_or(InferredContract{});
  inferred.fields = fields_of(adopted_, problem.q.dtype(), problem.k.dtype());
  inferred.text = checker_.contract(problem).text;
  inferred.kind = kind_of(adopted_);
  inferred.reasons.clear();
  for (const Relaxation* relaxation : adopted_) inferred.reasons.emplace_back(relaxation->sentence);
  inferred_ = std::move(inferred);
}

void Explainer::passed(const Problem& problem, const CheckedProblem& checked, kernel::Placement placement) {
  if (checker_.contract(problem).declared) return;
  witnesses_.add_passed(problem, checked, placement);
  if (checked.noise.outputs > 0) witnesses_.add_measured(problem, placement);
}

std::string Explainer::would_conform_under(const Finding& finding) {
  const laws::Law* law = laws::find_law(finding.law);
  if (!is_number(finding.kind) || law == nullptr) return "";
  std::vector<Witness> seen{witness_of(finding.problem, *law, finding.placement, finding.elements)};
  for (const Problem& example : finding.examples) {
    seen.push_back({.problem = example,
                    .placement = finding.placement,
                    .laws = {&laws::law_of(laws::LawId::definition), &laws::law_of(laws::LawId::lse)}});
  }
  return fields_that_explain(trial_, seen);
}

}  // namespace attest::check
