#include "check/findings/finding_book.hpp"

#include <algorithm>
#include <iterator>

#include "check/findings/contrast.hpp"
#include "check/findings/environment_cause.hpp"
#include "check/generate/families.hpp"
#include "check/record/problem_size.hpp"
#include "check/shrink/shrink_greedily.hpp"

namespace attest::check {
namespace {

constexpr std::int64_t kMostShrunk = 24;  // cases shrunk in one campaign
constexpr std::chrono::milliseconds kHangLimit{500};
constexpr std::size_t kMostExamples = 6, kMostPassed = 4;  // of a finding; that it does not break
constexpr std::size_t kPassedKept = 48;

FeatureSet essential_features(const Problem& p) {
  FeatureSet features = features_of(p);
  for (const Feature f : {Feature::single_query, Feature::longer_keys, Feature::longer_queries,
                          Feature::odd_dims, Feature::wide_dims, Feature::unequal_dims, Feature::scale,
                          Feature::lse, Feature::f32, Feature::mixed_dtypes, Feature::broadcast}) {
    features.reset(static_cast<std::size_t>(f));
  }
  // A step of the shrinker turns bottom-right into top-left wherever a fault of both shows in both.
  features.add(Feature::causal_top_left, features.has(Feature::causal_bottom_right));
  features.reset(static_cast<std::size_t>(Feature::causal_bottom_right));
  return features;
}

bool ends_worker(laws::FindingKind kind) {
  return kind == laws::FindingKind::crash || kind == laws::FindingKind::timeout ||
         kind == laws::FindingKind::memory;
}

void add_unique(std::vector<std::string>& names, std::string_view name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
}

// A wrong output and a wrong lse of the same rows have one cause; the output is told first.
bool same_symptom(const Finding& a, const Finding& b) {
  if (a.kind == b.kind) return true;
  return (is_value(a.kind) && b.kind == laws::FindingKind::lse) ||
         (is_value(b.kind) && a.kind == laws::FindingKind::lse);
}

std::int64_t inputs(const Problem& p) { return p.q.count() + p.k.count() + p.v.count(); }

// Outputs say more than lse, plain problems more than those with features, small ones more than large ones.
bool is_more_informative(const Finding& a, const Finding& b) {
  if (a.kind != b.kind) return b.kind == laws::FindingKind::lse;
  const bool plainer = could_explain(a.problem, b.problem);
  if (plainer != could_explain(b.problem, a.problem)) return plainer;
  return inputs(a.problem) < inputs(b.problem);
}

bool breaks(const Finding& f, std::string_view law) {
  return std::find(f.laws.begin(), f.laws.end(), law) != f.laws.end();
}

// Rows are empty by causality, window, mask, bias and lengths alike: NaN there is one cause.
bool nan_on_empty_rows(const Finding& f) { return f.kind == laws::FindingKind::nan && breaks(f, "empty"); }

// Every law on values, but for exact ones, is broken only together with the certified bound.
bool breaks_bound(const Finding& f) { return breaks(f, "definition") || breaks(f, "lse"); }

bool explains(const Finding& a, const Finding& b) {
  if (a.kind == laws::FindingKind::environment && !same_deed(a, b)) return false;
  if (!could_explain(a.problem, b.problem)) return false;
  return !is_value(a.kind) || breaks_bound(a) || (!breaks_bound(b) && breaks(a, b.law));
}

bool same_shape(const Problem& a, const Problem& b) {
  return a.q.shape() == b.q.shape() && a.k.shape() == b.k.shape() && a.v.shape() == b.v.shape();
}

// A call without a result tells its cause in words alone. A failure has words of its own, whatever features
// surround it; a crash or hang has few, but where its shrinking was cut short, what it kept says little too.
bool told_alike(const Finding& a, const Finding& b) {
  if (a.kind != b.kind || a.summary != b.summary) return false;
  if (a.kind == laws::FindingKind::failed || a.kind == laws::FindingKind::environment) return true;
  return ends_worker(a.kind) && !(a.minimal && b.minimal) && same_shape(a.problem, b.problem);
}

bool one_cause(const Finding& a, const Finding& b) {
  if (nan_on_empty_rows(a) && nan_on_empty_rows(b)) return true;
  if (told_alike(a, b)) return true;
  return same_symptom(a, b) && (explains(a, b) || explains(b, a));
}

// Small enough for a diagnosis that tries every known fault on it.
bool fit_for_diagnosis(const Problem& p) {
  constexpr double kMostWork = 4e6;
  return products_of(p) <= kMostWork;
}

void keep_example(Finding& finding, const Problem& problem) {
  if (finding.examples.size() < kMostExamples && fit_for_diagnosis(problem))
    finding.examples.push_back(problem);
}

// None or several faults explain the evidence: none may be sure of its last bits, or several do the same.
bool is_open(const std::vector<faults::Diagnosis>& diagnosis) {
  return diagnosis.empty() || (diagnosis.size() > 1 && diagnosis[1].tied);
}

void absorb(Finding& into, const Finding& other) {
  for (const Problem& example : other.examples) keep_example(into, example);
  into.cases += other.cases;
  for (const std::string& law : other.laws) add_unique(into.laws, law);
}

}  // namespace

bool could_explain(const Problem& smaller, const Problem& larger) {
  // That an extent is 0 is a feature. Which of them is, and that 0 is less than 1, are not.
  const auto within = [](std::int64_t a, std::int64_t b) { return a <= std::max<std::int64_t>(1, b); };
  return within(smaller.batch(), larger.batch()) && within(smaller.q_heads(), larger.q_heads()) &&
         within(smaller.q_len(), larger.q_len()) && within(smaller.kv_len(), larger.kv_len()) &&
         essential_features(smaller).subset_of(essential_features(larger));
}

Finding* FindingBook::explaining(const Problem& problem, const CheckedProblem& checked) {
  const CheckedLaw& broken = *checked.worst();
  Finding case_itself;
  case_itself.problem = problem;
  case_itself.kind = broken.outcome.breach->kind;
  case_itself.law = broken.law->name;
  case_itself.summary = broken.outcome.breach->summary;
  note_laws(case_itself, checked);
  for (Finding& finding : findings_) {
    if (finding.kind != case_itself.kind) continue;
    if (explains(finding, case_itself) || told_alike(finding, case_itself)) return &finding;
  }
  return nullptr;
}

bool FindingBook::worth_shrinking(const Finding* explained_by) const {
  if (shrunk_count_ >= kMostShrunk) return false;
  if (explained_by == nullptr) return true;
  std::int64_t next = 3;
  while (next < explained_by->cases) next *= 3;
  return explained_by->cases == next;
}

void FindingBook::note_laws(Finding& finding, const CheckedProblem& checked) const {
  for (const CheckedLaw& other : checked.laws) {
    if (other.outcome.standing == laws::LawStanding::broken) add_unique(finding.laws, other.law->name);
  }
}

ShrinkLimits FindingBook::limits_for(laws::FindingKind kind) const {
  ShrinkLimits limits;
  if (kind == laws::FindingKind::timeout)
    limits = {20, std::chrono::milliseconds{10'000}};
  else if (ends_worker(kind))
    limits = {200, std::chrono::milliseconds{20'000}};
  if (!end_) return limits;
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(*end_ - std::chrono::steady_clock::now());
  limits.time = std::clamp(left, std::chrono::milliseconds{0}, limits.time);
  return limits;
}

Finding FindingBook::shrunk(const Problem& problem, const CheckedLaw& broken, kernel::Placement placement) {
  Finding finding;
  finding.law = broken.law->name;
  finding.kind = broken.outcome.breach->kind;
  finding.placement = placement;
  finding.first_seen = describe(problem);
  finding.seed = seed_;
  laws::Breach breach = *broken.outcome.breach;
  std::optional<std::chrono::milliseconds> limit;
  if (finding.kind == laws::FindingKind::timeout) limit = kHangLimit;
  const auto fails = [&](const Problem& candidate) {
    laws::LawOutcome outcome = checker_.check(candidate, *broken.law, placement, limit);
    if (outcome.standing != laws::LawStanding::broken || outcome.breach->kind != finding.kind) return false;
    breach = std::move(*outcome.breach);
    return true;
  };
  ShrinkResult shrinking =
      shrink_greedily(shrinkable(problem, {region_, steps_left_out_}), fails, limits_for(finding.kind));
  ++shrunk_count_;
  finding.problem = std::move(shrinking.smallest);
  finding.minimal = shrinking.ended;
  finding.shrinks = shrinking.accepted;
  finding.summary = breach.summary;
  finding.variant = breach.variant;
  finding.elements = std::move(breach.elements);
  finding.contract = checker_.contract(finding.problem).text;
  finding.declared_contract = checker_.declared();
  add_unique(finding.laws, finding.law);
  return finding;
}

void FindingBook::file(Finding finding) {
  const auto related = [&](const Finding& other) { return one_cause(finding, other); };
  const auto first = std::find_if(findings_.begin(), findings_.end(), related);
  if (first == findings_.end()) {
    findings_.push_back(std::move(finding));
    return;
  }
  if (is_more_informative(finding, *first)) std::swap(finding, *first);
  absorb(*first, finding);
  // The survivor may explain others as well.
  for (auto other = std::next(first); other != findings_.end();) {
    if (!(other->kind == first->kind && (explains(*first, *other) || told_alike(*first, *other)))) {
      ++other;
      continue;
    }
    absorb(*first, *other);
    other = findings_.erase(other);
  }
}

void FindingBook::add(const Problem& problem, const CheckedProblem& checked, kernel::Placement placement) {
  const CheckedLaw& broken = *checked.worst();
  Finding* known = explaining(problem, checked);
  if (!worth_shrinking(known)) {
    if (known == nullptr && !findings_.empty()) known = &findings_.front();
    if (known != nullptr) {
      ++known->cases;
      keep_example(*known, problem);
      note_laws(*known, checked);
      return;
    }
  }
  Finding finding = shrunk(problem, broken, placement);
  // The smallest case once more, under every law: the finding lists all that it breaks.
  std::vector<const laws::Law*> laws;
  for (const laws::Law& law : laws::kernel_laws()) laws.push_back(&law);
  if (!ends_worker(finding.kind)) note_laws(finding, checker_.check(finding.problem, laws, placement));
  note_laws(finding, checked);
  keep_example(finding, problem);
  file(std::move(finding));
}

void FindingBook::passed(const Problem& problem) {
  if (!fit_for_diagnosis(problem)) return;
  if (passed_.size() < kPassedKept)
    passed_.push_back(problem);
  else
    passed_[passed_count_ % kPassedKept] = problem;
  ++passed_count_;
}

void FindingBook::diagnose_one(Finding& finding) {
  if (!is_number(finding.kind)) return;
  std::vector<Problem> problems{finding.problem};
  const laws::Law* law = laws::find_law(finding.law);
  if (!finding.variant.empty() && law->calls != nullptr) {
    for (laws::Call& call : law->calls(finding.problem, checker_.contract(finding.problem))) {
      if (call.variant == finding.variant) problems.push_back(std::move(call.problem));
    }
  }
  problems.insert(problems.end(), finding.examples.begin(), finding.examples.end());
  std::size_t passed = 0;
  for (const Problem& p : passed_) {
    if (passed == kMostPassed || !could_explain(finding.problem, p)) continue;
    problems.push_back(p);
    ++passed;
  }
  std::vector<faults::Evidence> evidence;
  std::vector<const oracle::ContractSet*> contracts;
  const auto ask = [&](Problem p) {
    std::optional<Result> result = checker_.answer(p, finding.placement);
    if (!result) return;
    contracts.push_back(&checker_.contract(p));
    evidence.push_back({std::move(p), std::move(*result)});
  };
  for (Problem& p : problems) ask(std::move(p));
  finding.diagnosis = faults::diagnose(evidence, contracts);
  finding.diagnosed = true;
  if (!is_open(finding.diagnosis)) return;
  for (Problem& p : contrasts_of(finding.problem)) ask(std::move(p));
  finding.diagnosis = faults::diagnose(evidence, contracts);
}

void FindingBook::diagnose_all() {
  std::vector<std::vector<faults::Diagnosis>*> diagnoses;
  for (Finding& finding : findings_) {
    diagnose_one(finding);
    diagnoses.push_back(&finding.diagnosis);
  }
  faults::prefer_common(diagnoses);
  std::vector<Finding> grouped;
  for (Finding& finding : findings_) {
    const auto same = std::find_if(grouped.begin(), grouped.end(), [&](const Finding& other) {
      return !finding.diagnosis.empty() && !other.diagnosis.empty() &&
             finding.diagnosis.front().hypothesis.fault == other.diagnosis.front().hypothesis.fault;
    });
    if (same == grouped.end()) {
      grouped.push_back(std::move(finding));
      continue;
    }
    if (is_more_informative(finding, *same)) std::swap(finding, *same);
    absorb(*same, finding);
  }
  findings_ = std::move(grouped);
}

}  // namespace attest::check
