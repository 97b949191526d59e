#include "cli/proofs.hpp"

#include <fmt/format.h>

#include "cli/progress.hpp"

namespace attest {

std::vector<TheoremReport> run_proofs(const std::vector<Theorem>& theorems, ProveOptions options,
                                      const CommonOptions& common) {
  StatusLine line(common.quiet);
  options.jobs = threads_of(common);
  options.progress = [&](const ProveProgress& p) {
    line.show(fmt::format("{} of {} solver queries answered   {:.0f} s", p.done, p.planned, p.seconds));
  };
  return prove(theorems, options);
}

Exit exit_of(const std::vector<TheoremReport>& reports) {
  if (reports.empty()) return Exit::undecided;
  Exit exit = Exit::ok;
  for (const TheoremReport& report : reports) {
    const bool wrong = report.verdict == ProofVerdict::refuted || report.twin.verdict == ProofVerdict::proved;
    if (!as_expected(report)) exit = worse(exit, wrong ? Exit::defect : Exit::undecided);
  }
  return exit;
}

}  // namespace attest
