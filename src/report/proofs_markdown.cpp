#include "report/proofs_markdown.hpp"

#include <fmt/format.h>

#include "prove/prove_text.hpp"
#include "report/table.hpp"

namespace attest {
namespace {

std::string solver_text(const std::optional<ProofVerdict>& verdict) {
  return verdict ? std::string(name_of(*verdict)) : "not asked";
}

std::string twin_text(const TwinReport& twin) {
  if (twin.verdict != ProofVerdict::refuted)
    return fmt::format("{}: **{}**", twin.name, name_of(twin.verdict));
  return fmt::format("{}: {} by {}", twin.name,
                     twin.replayed ? "refuted and replayed" : "refuted, **not replayed**",
                     model_text(twin.model));
}

}  // namespace

std::string proofs_markdown(const std::vector<TheoremReport>& proofs, double seconds) {
  std::string text = fmt::format(
      "Of the code that runs, over symbols in place of numbers (z3_real: real numbers; z3_fp: IEEE floats "
      "bit by "
      "bit; z3_rounded: any format). {}.\n\n",
      proofs_summary(proofs, seconds));
  text += table_head({"theorem", "statement", "numbers", "Z3", "cvc5", "twin", "s"});
  for (const TheoremReport& r : proofs) {
    const std::string verdict =
        as_expected(r) ? r.name : fmt::format("**{}** ({})", r.name, name_of(r.verdict));
    text += table_row({verdict, cell(r.sentence), r.semantics, solver_text(r.z3), solver_text(r.cvc5),
                       cell(twin_text(r.twin)), fmt::format("{:.1f}", r.seconds)});
  }
  return text;
}

}  // namespace attest
