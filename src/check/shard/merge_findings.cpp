#include "check/shard/merge_findings.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "check/checker/relaxed_contract.hpp"
#include "check/findings/causes.hpp"
#include "check/findings/diagnosing.hpp"
#include "check/findings/smallest_result.hpp"
#include "oracle/contract/contract.hpp"

namespace attest::check {
namespace {

// A finding with what its parts saw of it.
struct Met {
  std::size_t place = 0;  ///< of the event that showed it first
  Finding finding;
  std::vector<faults::Evidence> evidence;
  std::vector<std::vector<faults::Diagnosis>> diagnoses;  ///< of the parts
};

void join(Met& into, Met other) {
  if (is_more_informative(other.finding, into.finding)) std::swap(into.finding, other.finding);
  absorb(into.finding, other.finding);
  std::move(other.evidence.begin(), other.evidence.end(), std::back_inserter(into.evidence));
  std::move(other.diagnoses.begin(), other.diagnoses.end(), std::back_inserter(into.diagnoses));
}

// Whether the other finding's dtypes show it, as far as its part tried them.
bool shows_in_dtypes_of(const Finding& finding, const Finding& other) {
  const auto known = finding.shows_in.find({other.problem.q.dtype(), other.problem.k.dtype()});
  return known == finding.shows_in.end() || known->second;
}

bool of_one_cause(const Finding& a, const Finding& b) {
  if (!have_one_cause(a, b)) return false;
  const bool a_explains = explains(a, b);
  const bool b_explains = explains(b, a);
  if (!a_explains && !b_explains) return true;  // NaN in rows without keys
  return (a_explains && shows_in_dtypes_of(a, b)) || (b_explains && shows_in_dtypes_of(b, a));
}

void file(std::vector<Met>& findings, Met finding) {
  for (auto other = findings.begin(); other != findings.end();) {
    if (!of_one_cause(finding.finding, other->finding)) {
      ++other;
      continue;
    }
    if (finding.finding.law == name_of(laws::LawId::required)) return;  // each part has it
    join(*other, std::move(finding));
    // It stands where the first of them stood, and may explain others as well.
    for (auto later = std::next(other); later != findings.end();) {
      if (!of_one_cause(other->finding, later->finding)) {
        ++later;
        continue;
      }
      join(*other, std::move(*later));
      later = findings.erase(later);
    }
    return;
  }
  findings.push_back(std::move(finding));
}

// The known faults that explain all of the evidence.
std::vector<faults::Diagnosis> diagnosis_of(const std::vector<faults::Evidence>& evidence,
                                            const KernelReport& report) {
  std::vector<oracle::ContractSet> contracts;
  for (const faults::Evidence& e : evidence) {
    oracle::ContractSet contract =
        oracle::contract_for(report.declared_contract, e.problem.q.dtype(), e.problem.k.dtype());
    contracts.push_back(report.inferred ? relaxed(contract, report.inferred->fields) : std::move(contract));
  }
  std::vector<const oracle::ContractSet*> pointers;
  for (const oracle::ContractSet& contract : contracts) pointers.push_back(&contract);
  return evidence.empty() ? std::vector<faults::Diagnosis>{} : faults::diagnose(evidence, pointers);
}

// A finding's record has no result; its evidence begins with that of its smallest case, where there is one.
void keep_smallest(Met& met, const KernelReport& report) {
  const Problem& p = met.finding.problem;
  const faults::Evidence& first = met.evidence.front();
  keep_result(met.finding, first.result,
              oracle::contract_for(report.declared_contract, p.q.dtype(), p.k.dtype()));
}

// Of all that both parts saw, a known fault explains every output.
bool one_fault_explains(const Met& a, const Met& b, const KernelReport& report) {
  if (!is_number(a.finding.kind) || !is_number(b.finding.kind) || a.evidence.empty() || b.evidence.empty())
    return false;
  std::vector<faults::Evidence> both = a.evidence;
  both.insert(both.end(), b.evidence.begin(), b.evidence.end());
  const std::vector<faults::Diagnosis> diagnosis = diagnosis_of(both, report);
  return !diagnosis.empty() && diagnosis.front().certified;
}

void join_by_faults(std::vector<Met>& findings, const KernelReport& report) {
  for (std::size_t at = 0; at < findings.size(); ++at) {
    for (std::size_t later = at + 1; later < findings.size();) {
      if (!one_fault_explains(findings[at], findings[later], report)) {
        ++later;
        continue;
      }
      join(findings[at], std::move(findings[later]));
      findings.erase(findings.begin() + static_cast<std::ptrdiff_t>(later));
    }
  }
}

// A part put its faults to calls made for the purpose, so its word is sharper where all of the evidence
// agrees.
void diagnose(Met& met, const KernelReport& report) {
  if (met.diagnoses.size() < 2) return;
  const std::vector<faults::Diagnosis> pooled = diagnosis_of(met.evidence, report);
  const std::vector<faults::Diagnosis>* sharpest = nullptr;
  const auto named = [](const std::vector<faults::Diagnosis>& diagnosis) {
    return std::count_if(diagnosis.begin(), diagnosis.end(), [](const auto& d) { return d.named; });
  };
  for (const std::vector<faults::Diagnosis>& one : met.diagnoses) {
    const bool agreed = !one.empty() && std::any_of(pooled.begin(), pooled.end(), [&](const auto& d) {
      return d.hypothesis.fault == one.front().hypothesis.fault;
    });
    if (agreed && (sharpest == nullptr || named(one) < named(*sharpest))) sharpest = &one;
  }
  if (sharpest != nullptr)
    met.finding.diagnosis = *sharpest;
  else if (!pooled.empty())
    met.finding.diagnosis = pooled;
}

}  // namespace

void add_form_findings(std::vector<ShardRecord>& parts, std::vector<Finding>& findings) {
  std::vector<Finding> added;
  for (ShardRecord& part : parts) {
    for (std::size_t i = 0; i < part.report.findings.size(); ++i) {
      Finding& finding = part.report.findings[i];
      if (finding.form.empty()) continue;
      const auto known = std::find_if(findings.begin(), findings.end(), [&](const Finding& other) {
        return part.shows_without_form[i] && other.law == finding.law && other.kind == finding.kind;
      });
      if (known != findings.end())
        known->cases += finding.cases;
      else
        added.push_back(std::move(finding));
    }
  }
  std::move(added.begin(), added.end(), std::back_inserter(findings));
}

std::vector<Finding> merged_findings(std::vector<ShardRecord>& parts,
                                     const std::vector<const ShardEvent*>& events) {
  std::vector<Met> met;
  for (ShardRecord& part : parts) {
    for (std::size_t i = 0; i < part.report.findings.size(); ++i) {
      Finding& finding = part.report.findings[i];
      if (!finding.form.empty()) continue;
      const auto event = std::find_if(events.begin(), events.end(),
                                      [&](const ShardEvent* e) { return e->where == finding.first_seen; });
      Met one{.place = static_cast<std::size_t>(event - events.begin()),
              .finding = std::move(finding),
              .evidence = std::move(part.evidence[i]),
              .diagnoses = {}};
      if (!one.evidence.empty()) keep_smallest(one, part.report);
      if (one.finding.diagnosed) one.diagnoses.push_back(one.finding.diagnosis);
      met.push_back(std::move(one));
    }
  }
  std::stable_sort(met.begin(), met.end(), [](const Met& a, const Met& b) { return a.place < b.place; });
  std::vector<Met> causes;
  for (Met& one : met) file(causes, std::move(one));
  join_by_faults(causes, parts.front().report);
  std::vector<Finding> findings;
  for (Met& one : causes) {
    diagnose(one, parts.front().report);
    findings.push_back(std::move(one.finding));
  }
  std::vector<std::vector<faults::Diagnosis>*> diagnoses;
  for (Finding& finding : findings) diagnoses.push_back(&finding.diagnosis);
  faults::prefer_common(diagnoses);
  return joined(std::move(findings));
}

}  // namespace attest::check
