#include "check/findings/finding_book.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "check/findings/causes.hpp"
#include "check/findings/diagnosing.hpp"
#include "check/generate/families.hpp"
#include "check/shrink/shrink_greedily.hpp"
#include "laws/operation.hpp"

namespace attest::check {
namespace {

constexpr std::int64_t kMostShrunk = 24;  // cases shrunk in one campaign
constexpr std::chrono::milliseconds kHangLimit{500};
constexpr std::size_t kPassedKept = 48;

bool ends_worker(laws::FindingKind kind) {
  return kind == laws::FindingKind::crash || kind == laws::FindingKind::timeout ||
         kind == laws::FindingKind::memory;
}

void add_unique(std::vector<std::string>& names, std::string_view name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
}

bool holds_exactly(const Tensor& t, DType dtype) {
  const std::vector<double> values = t.values();
  return std::all_of(values.begin(), values.end(),
                     [dtype](double x) { return std::isnan(x) || representable(dtype, x) == x; });
}

bool same_dtypes(const Problem& a, const Problem& b) {
  return a.q.dtype() == b.q.dtype() && a.k.dtype() == b.k.dtype();
}

Tensor in_dtype(const Tensor& t, DType dtype) {
  Tensor made(dtype, t.shape(), t.strides());
  made.assign(t.values());
  return made;
}

// The same numbers in other dtypes; none if those do not hold them.
std::optional<Problem> in_dtypes(const Problem& p, DType q, DType kv) {
  if (p.q.spread() || p.k.spread() || p.v.spread()) return std::nullopt;
  if (!holds_exactly(p.q, q) || !holds_exactly(p.k, kv) || !holds_exactly(p.v, kv)) return std::nullopt;
  Problem other = p;
  other.q = in_dtype(p.q, q);
  other.k = in_dtype(p.k, kv);
  other.v = in_dtype(p.v, kv);
  return why_invalid(other).empty() ? std::optional(std::move(other)) : std::nullopt;
}

}  // namespace

// A fault of one format does not explain failures in another, where the smallest case is right although the
// same results would be wrong. A fault that a wider bound allows there says nothing.
bool FindingBook::shows_in_dtypes_of(Finding& finding, const Problem& problem) {
  const DType q = problem.q.dtype();
  const DType kv = problem.k.dtype();
  if (!is_number(finding.kind) || (finding.problem.q.dtype() == q && finding.problem.k.dtype() == kv))
    return true;
  const auto known = finding.shows_in.find({q, kv});
  if (known != finding.shows_in.end()) return known->second;
  return finding.shows_in[{q, kv}] = !is_right_in(finding, q, kv);
}

bool FindingBook::is_right_in(const Finding& finding, DType q, DType kv) {
  const std::optional<Problem> there = in_dtypes(finding.problem, q, kv);
  const laws::Law* law = laws::find_law(finding.law);
  if (!there || law == nullptr) return false;
  if (checker_.check(*there, *law, finding.placement).standing != laws::LawStanding::held) return false;
  std::optional<Result> wrong = checker_.answer(finding.problem, finding.placement);
  if (!wrong) return false;
  wrong->out = in_dtype(wrong->out, q);
  if (wrong->lse) wrong->lse = in_dtype(*wrong->lse, there->lse_dtype());
  return oracle::judge(*there, *wrong, checker_.contract(*there), oracle::affordable(*there, {})).violated();
}

bool FindingBook::have_one_cause_in_formats(Finding& a, Finding& b) {
  if (!have_one_cause(a, b)) return false;
  const bool a_explains = explains(a, b);
  const bool b_explains = explains(b, a);
  if (!a_explains && !b_explains) return true;  // NaN in rows without keys
  return (a_explains && shows_in_dtypes_of(a, b.problem)) || (b_explains && shows_in_dtypes_of(b, a.problem));
}

Finding* FindingBook::explaining(const Problem& problem, const CheckedProblem& checked) {
  const CheckedLaw& broken = *checked.worst();
  Finding case_itself;
  case_itself.problem = problem;
  case_itself.kind = broken.outcome.breach->kind;
  case_itself.law = broken.law->name;
  case_itself.summary = broken.outcome.breach->summary;
  case_itself.elements = broken.outcome.breach->elements;
  case_itself.crash = broken.outcome.breach->crash;
  note_laws(case_itself, checked);
  in_other_formats_ = false;
  for (Finding& finding : findings_) {
    if (finding.kind != case_itself.kind || !explains(finding, case_itself)) continue;
    if (shows_in_dtypes_of(finding, problem)) return &finding;
    in_other_formats_ = true;
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

Finding FindingBook::shrunk(const Problem& problem, const CheckedLaw& broken, kernel::Placement placement,
                            bool keeps_dtypes) {
  if (shrinking_) shrinking_();
  Finding finding;
  finding.law = broken.law->name;
  finding.kind = broken.outcome.breach->kind;
  finding.placement = placement;
  finding.first_seen = describe(problem);
  finding.seed = seed_;
  laws::Breach breach = *broken.outcome.breach;
  std::optional<std::chrono::milliseconds> limit;
  if (finding.kind == laws::FindingKind::timeout) limit = kHangLimit;
  const bool without_keys = in_row_without_keys(problem, breach.elements);
  const auto fails = [&](const Problem& candidate) {
    if (keeps_dtypes && !same_dtypes(candidate, problem)) return false;
    laws::LawOutcome outcome = checker_.check(candidate, *broken.law, placement, limit);
    if (outcome.standing != laws::LawStanding::broken || outcome.breach->kind != finding.kind) return false;
    if (finding.kind == laws::FindingKind::nan &&
        in_row_without_keys(candidate, outcome.breach->elements) != without_keys)
      return false;
    if (crash_apart(outcome.breach->crash, breach.crash)) return false;
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
  finding.crash = std::move(breach.crash);
  finding.printed = std::move(breach.printed);
  finding.contract = checker_.contract(finding.problem).text;
  finding.declared_contract = checker_.declared();
  add_unique(finding.laws, finding.law);
  return finding;
}

void FindingBook::file(Finding finding) {
  const auto related = [&](Finding& other) { return have_one_cause_in_formats(finding, other); };
  const auto first = std::find_if(findings_.begin(), findings_.end(), related);
  if (first == findings_.end()) {
    findings_.push_back(std::move(finding));
    return;
  }
  if (is_more_informative(finding, *first)) std::swap(finding, *first);
  absorb(*first, finding);
  // The survivor may explain others as well.
  for (auto other = std::next(first); other != findings_.end();) {
    if (other->kind != first->kind || !explains(*first, *other) ||
        !shows_in_dtypes_of(*first, other->problem)) {
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
  // In another format the smallest case would be that of the finding there.
  Finding finding = shrunk(problem, broken, placement, known == nullptr && in_other_formats_);
  // The smallest case once more, under every law: the finding lists all that it breaks.
  std::vector<const laws::Law*> laws;
  for (const laws::Law& law : laws::forward_operation().laws()) laws.push_back(&law);
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
  Diagnosing diagnosing(checker_, passed_);
  diagnosing.diagnose(finding);
  diagnosing.explain(finding);
}

// Findings that no fault explains are asked once more for the faults that others name.
void FindingBook::recognise_known() {
  const std::vector<faults::Hypothesis> known = named_hypotheses(findings_);
  if (known.empty()) return;
  Diagnosing diagnosing(checker_, passed_);
  for (Finding& finding : findings_) {
    if (finding.diagnosed && finding.diagnosis.empty()) diagnosing.recognise(finding, known);
  }
}

void FindingBook::diagnose_all() {
  std::vector<std::vector<faults::Diagnosis>*> diagnoses;
  for (Finding& finding : findings_) {
    diagnose_one(finding);
    diagnoses.push_back(&finding.diagnosis);
  }
  faults::prefer_common(diagnoses);
  recognise_known();
  findings_ = joined(std::move(findings_));
}

}  // namespace attest::check
