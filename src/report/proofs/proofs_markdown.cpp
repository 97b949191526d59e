#include "report/proofs/proofs_markdown.hpp"

#include <map>

#include <fmt/format.h>

#include "prove/prove_text.hpp"
#include "prove/trust_table.hpp"
#include "report/table.hpp"

namespace attest::report {
namespace {

std::string solver_text(const std::optional<prove::ProofVerdict>& verdict) {
  return verdict ? std::string(name_of(*verdict)) : "not asked";
}

std::string twin_text(const prove::TwinReport& twin) {
  if (twin.verdict != prove::ProofVerdict::refuted)
    return fmt::format("{}: **{}**", twin.name, name_of(twin.verdict));
  return fmt::format("{}: {} by {}", twin.name,
                     twin.replayed ? "refuted and replayed" : "refuted, **not replayed**",
                     prove::model_text(twin.model));
}

// What the theorems of each kind of numbers assume.
std::string trust_text(const std::vector<prove::TheoremReport>& proofs) {
  std::map<std::string, std::string> kinds;
  for (const prove::TheoremReport& r : proofs) kinds[r.semantics] = prove::assumptions_of(r.numbers);
  std::string text = "\nAssumptions about numbers:\n\n";
  for (const auto& [kind, assumptions] : kinds) text += fmt::format("- {}: {}.\n", kind, assumptions);
  text += "\nTested, not proved:\n\n";
  for (const std::string& sentence : prove::tested_only()) text += fmt::format("- {}\n", sentence);
  text += "\nAssumed:\n\n";
  for (const std::string& sentence : prove::assumed()) text += fmt::format("- {}\n", sentence);
  return text;
}

}  // namespace

std::string proofs_markdown(const std::vector<prove::TheoremReport>& proofs, double seconds) {
  std::string text = fmt::format(
      "The theorems are about the code that runs, with symbols in place of numbers (z3_real: real numbers; "
      "z3_fp: IEEE floats bit by bit; z3_rounded: any format; z3_terms: any arithmetic). {}.\n\n",
      prove::proofs_summary(proofs, seconds));
  text += table_head({"theorem", "statement", "code", "numbers", "Z3", "cvc5", "twin", "s"});
  for (const prove::TheoremReport& r : proofs) {
    const bool proved = prove::as_expected(r) && r.verdict == prove::ProofVerdict::proved;
    const std::string verdict =
        proved ? r.name
               : fmt::format("**{}** ({}{})", r.name, name_of(r.verdict),
                             r.out_of_reach.empty() ? "" : ", as expected: " + r.out_of_reach);
    text += table_row({verdict, cell(r.sentence), r.code, r.semantics,
                       r.gappa ? fmt::format("Gappa: {}", name_of(*r.gappa)) : solver_text(r.z3),
                       solver_text(r.cvc5), cell(twin_text(r.twin)), fmt::format("{:.1f}", r.seconds)});
  }
  return text + trust_text(proofs);
}

std::string coq_summary(const prove::CoqReport& coq) {
  return coq.not_asked.empty() ? coq.summary : "not asked: " + coq.not_asked;
}

std::string coq_markdown(const prove::CoqReport& coq) {
  std::string text = "\n### Proved in Coq\n\n";
  if (!coq.not_asked.empty()) return text + fmt::format("Not asked: {}.\n", coq.not_asked);
  text += fmt::format(
      "Of Coq programs that transcribe the code, for any number of keys, tokens and layers; docs/trust.md "
      "says what ties them to it. {}.\n\n",
      coq.summary);
  text += table_head({"theorem", "statement", "of what", "verdict"});
  for (const prove::CoqTheorem& theorem : coq.theorems)
    text += table_row({theorem.proved ? theorem.name : "**" + theorem.name + "**", cell(theorem.sentence),
                       cell(theorem.code), cell(theorem.verdict)});
  return text;
}

}  // namespace attest::report
