// The smallest case of a failure that may turn out to be no finding, and findings in other dtypes.

#include "check/findings/finding_book.hpp"

namespace attest::check {

Finding FindingBook::smallest(const Problem& problem, const CheckedProblem& checked,
                              kernel::Placement placement) {
  Finding finding = shrunk(problem, *checked.worst(), placement);
  note_laws(finding, checked);
  finding.examples.push_back(problem);
  diagnose_one(finding);
  return finding;
}

void FindingBook::try_in(const std::vector<std::pair<DType, DType>>& dtypes) {
  for (Finding& finding : findings_) {
    if (!is_number(finding.kind)) continue;
    for (const auto& [q, kv] : dtypes) {
      const bool own = finding.problem.q.dtype() == q && finding.problem.k.dtype() == kv;
      if (!own && !finding.shows_in.contains({q, kv}))
        finding.shows_in[{q, kv}] = !is_right_in(finding, q, kv);
    }
  }
}

}  // namespace attest::check
