// The smallest case of a failure that may turn out to be no finding.

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

}  // namespace attest::check
