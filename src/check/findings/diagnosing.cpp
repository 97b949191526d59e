#include "check/findings/diagnosing.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "check/findings/causes.hpp"
#include "check/findings/contrast.hpp"
#include "check/findings/smallest_result.hpp"
#include "check/outline/features.hpp"
#include "faults/diagnosis/condition.hpp"
#include "problem/inputs.hpp"

namespace attest::check {
namespace {

constexpr std::size_t kMostPassed = 4;   // cases that a finding does not break, at first, and ...
constexpr std::size_t kMorePassed = 12;  // ... when few faults are left
constexpr std::size_t kElsewhere = 12;   // cases that may lie outside the part of the region with the fault

std::vector<faults::Hypothesis> of_faults(const std::vector<faults::Diagnosis>& found) {
  std::vector<faults::Hypothesis> some;
  for (const faults::Hypothesis& h : faults::all_hypotheses()) {
    const bool wanted = std::any_of(found.begin(), found.end(), [&](const faults::Diagnosis& d) {
      return d.hypothesis.fault == h.fault;
    });
    if (wanted) some.push_back(h);
  }
  return some;
}

bool names_several(const std::vector<faults::Diagnosis>& found) {
  return std::count_if(found.begin(), found.end(), [](const faults::Diagnosis& d) { return d.named; }) > 1;
}

// Whether the larger problem would show the cause of the smaller in other dtypes as well.
bool could_explain_elsewhere(const Problem& smaller, Problem larger) {
  if (smaller.q.dtype() == larger.q.dtype() && smaller.k.dtype() == larger.k.dtype()) return false;
  const auto in_dtype_of = [](Tensor& t, const Tensor& like) {
    t = Tensor(like.dtype(), t.shape(), t.strides());
  };
  in_dtype_of(larger.q, smaller.q);
  in_dtype_of(larger.k, smaller.k);
  in_dtype_of(larger.v, smaller.v);
  return could_explain(smaller, larger);
}

bool is_far(const Problem& p) { return features_of(p).has(Feature::far_offsets); }

// The same numbers in row-major tensors of their own.
Problem packed_copy(Problem p) {
  p.out_strides.clear();
  p.lse_strides.clear();
  p.q_is_k = p.k_is_v = false;
  const auto pack = [&](const Input& input) {
    const Tensor* t = input.of(p);
    if (t != nullptr && !t->contiguous()) input.put(p, t->with_strides(row_major_strides(t->shape())));
  };
  for (const Input& input : required_inputs()) pack(input);
  for (const Input& input : optional_inputs()) pack(input);
  return p;
}

bool is_packed(const Problem& p) {
  bool packed = p.out_strides.empty() && p.lse_strides.empty() && !p.q_is_k && !p.k_is_v;
  const auto look = [&](const Input& input) {
    const Tensor* t = input.of(p);
    packed = packed && (t == nullptr || t->contiguous());
  };
  for (const Input& input : required_inputs()) look(input);
  for (const Input& input : optional_inputs()) look(input);
  return packed;
}

std::vector<faults::KernelFault> named_faults(const Finding& f) {
  std::vector<faults::KernelFault> named;
  for (const faults::Diagnosis& d : f.diagnosis) {
    if (d.named) named.push_back(d.hypothesis.fault);
  }
  return named;
}

bool share_a_fault(const Finding& a, const Finding& b) {
  const std::vector<faults::KernelFault> of_b = named_faults(b);
  const std::vector<faults::KernelFault> of_a = named_faults(a);
  return std::any_of(of_a.begin(), of_a.end(), [&](faults::KernelFault fault) {
    return std::find(of_b.begin(), of_b.end(), fault) != of_b.end();
  });
}

// Only what explains both findings is still named.
void name_common(Finding& into, const Finding& other) {
  const std::vector<faults::KernelFault> common = named_faults(other);
  std::vector<faults::Diagnosis> kept;
  for (const faults::Diagnosis& d : into.diagnosis) {
    if (std::find(common.begin(), common.end(), d.hypothesis.fault) != common.end()) kept.push_back(d);
  }
  into.diagnosis = std::move(kept);
}

}  // namespace

struct Diagnosing::Known {
  Diagnosing& self;
  const Finding& finding;
  std::vector<faults::Evidence> evidence{};
  std::vector<const oracle::ContractSet*> contracts{};

  void ask(Problem p) {
    std::optional<Result> result = self.checker_.answer(p, finding.placement);
    if (!result) return;
    contracts.push_back(&self.checker_.contract(p));
    evidence.push_back({std::move(p), std::move(*result)});
  }

  // The smallest case, what its law compared it with, and cases as they were drawn.
  void ask_failing() {
    ask(finding.problem);
    const laws::Law* law = laws::find_law(finding.law);
    if (!finding.variant.empty() && law->calls != nullptr) {
      for (laws::Call& call : law->calls(finding.problem, self.checker_.contract(finding.problem))) {
        if (call.variant == finding.variant) ask(std::move(call.problem));
      }
    }
    for (const Problem& example : finding.examples) ask(example);
  }

  // Cases that passed, after the first `skipped` of them, up to `most`.
  template <class Wanted>
  void ask_passed(const Wanted& wanted, std::size_t skipped, std::size_t most) {
    std::size_t seen = 0;
    for (const Problem& p : self.passed_) {
      if (seen == most) return;
      if (wanted(p) && seen++ >= skipped) ask(p);
    }
  }
};

void Diagnosing::diagnose(Finding& finding) {
  // What depends on earlier calls is right alone, which no known fault of one call is.
  if (!is_number(finding.kind) || finding.law == name_of(laws::LawId::history)) return;
  finding.diagnosed = true;
  Known known{*this, finding};
  known.ask_failing();
  if (!known.evidence.empty()) keep_result(finding, known.evidence.front().result, *known.contracts.front());
  const auto related = [&](const Problem& p) { return could_explain(finding.problem, p); };
  known.ask_passed(related, 0, kMostPassed);
  finding.diagnosis = faults::diagnose(known.evidence, known.contracts);
  const std::vector<faults::Hypothesis> left = of_faults(finding.diagnosis);
  for (Problem& p : contrasts_of(finding.problem)) known.ask(std::move(p));
  if (left.empty()) {
    finding.diagnosis = faults::diagnose(known.evidence, known.contracts);
  } else {
    known.ask_passed(related, kMostPassed, kMorePassed);
    finding.diagnosis = faults::diagnose(known.evidence, known.contracts, left);
  }
  if (names_several(finding.diagnosis)) {
    if (std::optional<Problem> longer = longer_copy(finding.problem)) {
      known.ask(std::move(*longer));
      finding.diagnosis = faults::diagnose(known.evidence, known.contracts, of_faults(finding.diagnosis));
    }
  }
  if (!finding.diagnosis.empty()) return;
  known.ask_passed([&](const Problem& p) { return could_explain_elsewhere(finding.problem, p); }, 0,
                   kElsewhere);
  finding.diagnosis = faults::diagnose_in_part(known.evidence, known.contracts);
}

void Diagnosing::recognise(Finding& finding, const std::vector<faults::Hypothesis>& known_faults) {
  Known known{*this, finding};
  known.ask_failing();
  finding.diagnosis =
      faults::diagnose(known.evidence, known.contracts, known_faults, faults::kSigmasOfKnownFault);
}

void Diagnosing::explain(Finding& finding) {
  if (finding.law == name_of(laws::LawId::history)) {
    finding.explanation = "right alone: the result depends on earlier calls";
    return;
  }
  if (!is_number(finding.kind) && finding.kind != laws::FindingKind::memory) return;
  if (is_packed(finding.problem) || is_far(finding.problem)) return;
  const laws::Law& law = *laws::find_law(finding.law);
  if (checker_.check(packed_copy(finding.problem), law, finding.placement).standing ==
      laws::LawStanding::held)
    finding.explanation = "right on the packed copy of its tensors";
}

std::vector<faults::Hypothesis> named_hypotheses(const std::vector<Finding>& findings) {
  std::vector<faults::Diagnosis> named;
  for (const Finding& finding : findings) {
    std::copy_if(finding.diagnosis.begin(), finding.diagnosis.end(), std::back_inserter(named),
                 [](const faults::Diagnosis& d) { return d.named; });
  }
  return of_faults(named);
}

std::vector<Finding> joined(std::vector<Finding> findings) {
  std::vector<Finding> made;
  for (Finding& finding : findings) {
    const auto same = std::find_if(made.begin(), made.end(), [&](const Finding& other) {
      const bool explained = !finding.explanation.empty() && finding.explanation == other.explanation;
      return explained || share_a_fault(finding, other);
    });
    if (same == made.end()) {
      made.push_back(std::move(finding));
      continue;
    }
    const bool more = is_more_informative(finding, *same);
    if (more) std::swap(finding, *same);
    if (share_a_fault(*same, finding))
      name_common(*same, finding);
    else
      same->diagnosis.clear();  // the explanation covers both; no fault does
    absorb(*same, finding);
  }
  return made;
}

}  // namespace attest::check
