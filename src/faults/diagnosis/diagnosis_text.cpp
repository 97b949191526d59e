// What a report says of a diagnosis.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "faults/catalogue.hpp"
#include "faults/diagnosis/diagnose.hpp"

namespace attest::faults {
namespace {

// The fault's sentence, its tile and its condition.
std::string what(const Diagnosis& d, std::string_view sentence) {
  std::string text(sentence);
  if (entry_of(d.hypothesis.fault).depends == Depends::tile)
    text += fmt::format(" (tiles of {})", d.hypothesis.tile);
  return d.condition.empty() ? text : fmt::format("{}, {}", text, d.condition);
}

// All faults that a report names, those with the same results as well.
std::vector<std::string> all_named(const std::vector<Diagnosis>& diagnoses) {
  std::vector<std::string> texts;
  for (const Diagnosis& d : diagnoses) {
    if (!d.named) continue;
    for (const KernelFaultEntry& entry : fault_catalogue()) {
      if (entry.signature == d.hypothesis.fault) texts.push_back(what(d, entry.sentence));
    }
  }
  return texts;
}

std::string evidence_text(const Diagnosis& d) {
  return fmt::format("alpha {:.4f} +- {:.4f}, {}", d.alpha, d.sigma, d.certified ? "certified" : "ranked");
}

}  // namespace

std::string diagnosis_text(const Diagnosis& d) {
  return fmt::format("{}: {}", what(d, entry_of(d.hypothesis.fault).sentence), evidence_text(d));
}

std::string diagnosis_text(const std::vector<Diagnosis>& diagnoses) {
  if (diagnoses.empty()) return "none of the known faults";
  const std::vector<std::string> named = all_named(diagnoses);
  if (named.size() < 2) return diagnosis_text(diagnoses.front());
  return fmt::format("one of: {}: {}", fmt::join(named, "; "), evidence_text(diagnoses.front()));
}

}  // namespace attest::faults
