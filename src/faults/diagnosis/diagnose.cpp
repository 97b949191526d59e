#include "faults/diagnosis/diagnose.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "faults/diagnosis/certify_fault.hpp"
#include "faults/diagnosis/matched_filter.hpp"
#include "faults/diagnosis/sampled_rows.hpp"
#include "faults/signatures/problem/faulty_problem.hpp"
#include "faults/signatures/row/seen_rows.hpp"
#include "oracle/contract/fingerprint.hpp"
#include "problem/fingerprint.hpp"

namespace attest::faults {
namespace {

constexpr std::size_t kMostNamed = 6;
constexpr double kExplained = 0.5;  // share of the misfit that a fault must take away to be named at all
constexpr double kTie = 12;         // difference of twice a log-likelihood that decides between two faults

struct Case {
  const Evidence* evidence = nullptr;
  const oracle::ContractSet* contract = nullptr;
  std::vector<SampledRow> rows;
  std::unique_ptr<SeenRows> seen;  ///< of the problem, for all hypotheses
};

enum class Proof : std::uint8_t { refuted, open, certified };

struct Candidate {
  std::size_t order = 0;  // in all_hypotheses()
  MatchedFilter filter;   // on every row
  double alpha = 0, sigma = 0;
  Proof proof = Proof::open;
};

void add_row(MatchedFilter& filter, const Evidence& e, const SampledRow& row, const RowPrediction& faulty) {
  if (!faulty.certain) return;
  for (std::size_t c = 0; c < row.correct.out.size(); ++c) {
    const double got = e.result.out.at({row.b, row.h, row.i, static_cast<std::int64_t>(c)});
    filter.add(got, row.correct.out[c], faulty.out[c], row.variance.out[c], c == 0);
  }
  if (!e.result.lse || !faulty.lse_known) return;
  filter.add(e.result.lse->at({row.b, row.h, row.i}), row.correct.lse, faulty.lse, row.variance.lse, false);
}

double misfit_of(const std::vector<Case>& cases) {
  double misfit = 0;
  for (const Case& c : cases) {
    for (const SampledRow& row : c.rows) misfit += row.misfit;
  }
  return misfit;
}

// The rows of a case for which `wanted` is true. Stops where the fault can no longer explain the evidence:
// what it leaves unexplained only grows.
template <class Wanted>
void add_rows(MatchedFilter& filter, const Case& c, const Hypothesis& hypothesis, double limit,
              Wanted wanted) {
  const Problem& p = c.evidence->problem;
  const std::optional<Problem> changed = faulty_problem(p, hypothesis);
  for (const SampledRow& row : c.rows) {
    if (!wanted(row)) continue;
    const std::optional<FaultyRow> faulty = row_under(*c.seen, changed, hypothesis, row.b, row.h, row.i);
    add_row(filter, *c.evidence, row, faulty ? prediction_of(*faulty) : row.correct);
    if (filter.misfit_with() >= limit) return;
  }
}

// Of a fault that does not explain the evidence, only as much as shows it. Most are ruled out by the row that
// is furthest off.
MatchedFilter filtered(const std::vector<Case>& cases, const Hypothesis& hypothesis) {
  const double limit = kExplained * misfit_of(cases);
  const auto of_least = [](const SampledRow& a, const SampledRow& b) { return a.misfit < b.misfit; };
  MatchedFilter worst;
  for (const Case& c : cases) {
    const auto furthest = std::max_element(c.rows.begin(), c.rows.end(), of_least);
    if (furthest == c.rows.end() || furthest->misfit * 8 < limit) continue;
    add_rows(worst, c, hypothesis, limit, [&](const SampledRow& row) { return &row == &*furthest; });
    if (worst.misfit_with() >= limit) return worst;
  }
  MatchedFilter filter;
  for (const Case& c : cases) {
    add_rows(filter, c, hypothesis, limit, [](const SampledRow&) { return true; });
    if (filter.misfit_with() >= limit) break;
  }
  return filter;
}

bool takes_misfit_away(const MatchedFilter& f) { return f.misfit_with() < kExplained * f.misfit_without(); }

bool is_whole(const MatchedFilter& f, double sigmas) {
  const double alpha = f.alpha();
  const double sigma = f.sigma();
  // A signature of NaN alone has no alpha.
  if (alpha == 0 && sigma == 0) return f.matched_specials() > 0;
  return std::fabs(alpha - 1) <= 0.05 + 4 * sigma && (alpha > sigmas * sigma || f.matched_specials() > 0);
}

struct Standings {
  Proof proof = Proof::open;
  std::set<const SampledRow*> silent;
};

// Refuted where a row is outside the bound around the fault. Certified where none is, none is too near it to
// say, and one that is inside is outside that of a correct kernel.
Standings standings_of(const std::vector<Case>& cases, const Hypothesis& hypothesis) {
  bool wrong = false;
  bool doubtful = false;
  Standings made;
  for (const Case& c : cases) {
    const std::optional<Problem> changed = faulty_problem(c.evidence->problem, hypothesis);
    for (const SampledRow& row : c.rows) {
      const RowStanding faulty = standing_under(*c.evidence, *c.contract, changed, hypothesis, row, *c.seen);
      if (faulty == RowStanding::outside) return {Proof::refuted, {}};
      if (faulty == RowStanding::silent) made.silent.insert(&row);
      doubtful = doubtful || faulty == RowStanding::undecided;
      if (wrong || faulty != RowStanding::within) continue;
      wrong = standing_under(*c.evidence, *c.contract, {}, {}, row, *c.seen) == RowStanding::outside;
    }
  }
  if (wrong && !doubtful) made.proof = Proof::certified;
  return made;
}

// What one hypothesis makes of the evidence; none if it does not explain it. On a row whose scores are so
// large that the bound around the fault is silent, rounding decides what a kernel with the fault returns:
// where alpha of all rows is not near 1, that of the other rows decides.
std::optional<Candidate> candidate_of(const std::vector<Case>& cases, const Hypothesis& hypothesis,
                                      double sigmas) {
  Candidate made;
  made.filter = filtered(cases, hypothesis);
  if (!takes_misfit_away(made.filter)) return std::nullopt;
  const Standings standings = standings_of(cases, hypothesis);
  if (standings.proof == Proof::refuted) return std::nullopt;
  made.proof = standings.proof;
  MatchedFilter certain = made.filter;
  if (!is_whole(certain, sigmas)) {
    certain = {};
    for (const Case& c : cases) {
      add_rows(certain, c, hypothesis, HUGE_VAL,
               [&](const SampledRow& row) { return standings.silent.count(&row) == 0; });
    }
    if (!is_whole(certain, sigmas)) return std::nullopt;
  }
  made.alpha = certain.alpha();
  made.sigma = certain.sigma();
  return made;
}

// The best likelihood first; within a tie the simplest. Returns how many tie.
std::size_t rank(std::vector<Candidate>& candidates) {
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return a.filter.misfit_with() < b.filter.misfit_with();
  });
  if (candidates.empty()) return 0;
  const MatchedFilter& best = candidates.front().filter;
  // The variances are a model: its own misfit scales what a difference means.
  const double unit = std::max(1.0, best.misfit_with() / static_cast<double>(best.elements()));
  const double limit = best.misfit_with() + kTie * unit;
  const auto tied = std::stable_partition(candidates.begin(), candidates.end(), [&](const Candidate& c) {
    return c.filter.misfit_with() <= limit;
  });
  std::sort(candidates.begin(), tied,
            [](const Candidate& a, const Candidate& b) { return a.order < b.order; });
  return static_cast<std::size_t>(std::distance(candidates.begin(), tied));
}

Diagnosis diagnosis_of(const Candidate& candidate, const Hypothesis& hypothesis, bool tied) {
  Diagnosis diagnosis{hypothesis, candidate.alpha, candidate.sigma};
  if (diagnosis.sigma == 0) diagnosis.alpha = 1;
  diagnosis.certified = candidate.proof == Proof::certified;
  diagnosis.tied = tied;
  diagnosis.named = tied || diagnosis.certified;
  return diagnosis;
}

std::vector<Diagnosis> diagnosed(const std::vector<Evidence>& evidence,
                                 const std::vector<const oracle::ContractSet*>& contracts,
                                 const std::vector<Hypothesis>& among, double sigmas) {
  std::vector<Case> cases;
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    cases.push_back({&evidence[i], contracts[i], sampled_rows(evidence[i], *contracts[i]),
                     std::make_unique<SeenRows>(evidence[i].problem)});
  }
  std::vector<Candidate> candidates;
  for (std::size_t order = 0; order < among.size(); ++order) {
    std::optional<Candidate> candidate = candidate_of(cases, among[order], sigmas);
    if (!candidate) continue;
    candidate->order = order;
    candidates.push_back(*std::move(candidate));
  }
  const std::size_t tied = rank(candidates);
  std::vector<Diagnosis> found;
  for (std::size_t at = 0; at < candidates.size() && found.size() < kMostNamed; ++at) {
    const Candidate& candidate = candidates[at];
    const Hypothesis& hypothesis = among[candidate.order];
    const bool again = std::any_of(found.begin(), found.end(), [&](const Diagnosis& d) {
      return d.hypothesis.fault == hypothesis.fault;
    });
    if (!again) found.push_back(diagnosis_of(candidate, hypothesis, at < tied));  // else: another tile size
  }
  return found;
}

Fingerprint fingerprint_of(const std::vector<Evidence>& evidence,
                           const std::vector<const oracle::ContractSet*>& contracts,
                           const std::vector<Hypothesis>& among, double sigmas) {
  Fingerprinter print;
  print.add(static_cast<std::uint64_t>(sigmas));
  for (std::size_t i = 0; i < evidence.size(); ++i) {
    add_to(print, evidence[i].problem);
    add_to(print, evidence[i].result);
    oracle::add_to(print, *contracts[i]);
  }
  print.add(evidence.size());
  for (const Hypothesis& h : among) {
    print.add(static_cast<std::uint64_t>(h.fault));
    print.add(static_cast<std::uint64_t>(h.tile));
  }
  return print.fingerprint();
}

}  // namespace

DiagnosisMemo& diagnosis_memo() {
  static DiagnosisMemo memo;
  return memo;
}

std::vector<Diagnosis> diagnose(const std::vector<Evidence>& evidence,
                                const std::vector<const oracle::ContractSet*>& contracts,
                                const std::vector<Hypothesis>& among, double sigmas) {
  DiagnosisMemo& memo = diagnosis_memo();
  if (!memo.keeps()) return diagnosed(evidence, contracts, among, sigmas);
  const Fingerprint key = fingerprint_of(evidence, contracts, among, sigmas);
  if (const DiagnosisMemo::Shared known = memo.find(key)) return *known;
  auto made = std::make_shared<const std::vector<Diagnosis>>(diagnosed(evidence, contracts, among, sigmas));
  memo.keep(key, made, sizeof(std::vector<Diagnosis>) + made->size() * sizeof(Diagnosis));
  return *made;
}

bool names(const std::vector<Diagnosis>& diagnosis, KernelFault signature) {
  return std::any_of(diagnosis.begin(), diagnosis.end(),
                     [&](const Diagnosis& d) { return d.named && d.hypothesis.fault == signature; });
}

void prefer_common(const std::vector<std::vector<Diagnosis>*>& findings) {
  std::map<KernelFault, int> explained;
  for (const std::vector<Diagnosis>* finding : findings) {
    for (const Diagnosis& d : *finding) {
      if (d.tied) ++explained[d.hypothesis.fault];
    }
  }
  for (std::vector<Diagnosis>* finding : findings) {
    const auto tied =
        std::find_if(finding->begin(), finding->end(), [](const Diagnosis& d) { return !d.tied; });
    std::stable_sort(finding->begin(), tied, [&](const Diagnosis& a, const Diagnosis& b) {
      return explained[a.hypothesis.fault] > explained[b.hypothesis.fault];
    });
  }
}

}  // namespace attest::faults
