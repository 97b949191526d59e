#include "cli/proofs.hpp"

#include <fmt/format.h>

#include "cli/output/progress.hpp"

namespace attest::cli {

std::vector<prove::TheoremReport> run_proofs(const std::vector<prove::Theorem>& theorems,
                                             prove::ProveOptions options, const CommonOptions& common) {
  StatusLine line(common.quiet);
  options.jobs = threads_of(common);
  options.progress = [&](const prove::ProveProgress& p) {
    line.show(fmt::format("{} of {} solver queries answered   {:.0f} s", p.done, p.planned, p.seconds));
  };
  return prove::prove(theorems, options);
}

Exit exit_of(const std::vector<prove::TheoremReport>& reports) {
  if (reports.empty()) return Exit::undecided;
  Exit exit = Exit::ok;
  for (const prove::TheoremReport& report : reports) {
    const bool wrong =
        report.verdict == prove::ProofVerdict::refuted || report.twin.verdict == prove::ProofVerdict::proved;
    if (!prove::as_expected(report)) exit = worse(exit, wrong ? Exit::defect : Exit::undecided);
  }
  return exit;
}

}  // namespace attest::cli
