#include "laws/relations/breaches.hpp"

#include <algorithm>
#include <cmath>

#include "laws/relations/sentence.hpp"

namespace attest::laws {
namespace {

FindingKind kind_of(const oracle::Element& worst) {
  if (worst.in(Output::lse)) return FindingKind::lse;
  return std::isfinite(worst.got) ? FindingKind::wrong_value : FindingKind::nan;
}

}  // namespace

Breach breach_of_elements(const Problem& problem, std::vector<oracle::Element> elements) {
  // Non-finite results first: they say most. Then by how many bounds they are off, then the first row.
  std::stable_sort(elements.begin(), elements.end(), [](const oracle::Element& a, const oracle::Element& b) {
    if (std::isfinite(a.got) != std::isfinite(b.got)) return !std::isfinite(a.got);
    return a.ratio > b.ratio;
  });
  if (elements.size() > kWorstElements) elements.resize(kWorstElements);
  Breach breach;
  breach.kind = kind_of(elements.front());
  breach.summary = value_sentence(problem, elements.front());
  breach.elements = std::move(elements);
  return breach;
}

std::optional<Breach> breach_among(Subject& subject,
                                   const std::function<bool(const oracle::Element&)>& concerns) {
  std::vector<oracle::Element> elements;
  for (const oracle::Element& e : subject.judgement().violations) {
    if (concerns(e)) elements.push_back(e);
  }
  if (elements.empty()) return std::nullopt;
  return breach_of_elements(subject.problem(), std::move(elements));
}

}  // namespace attest::laws
