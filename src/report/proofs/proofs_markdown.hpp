// The proofs in a report.
#pragma once

#include <string>
#include <vector>

#include "prove/coq.hpp"
#include "prove/prove.hpp"

namespace attest::report {

/// One row per theorem: statement, verdicts, twin with its counterexample, seconds.
std::string proofs_markdown(const std::vector<prove::TheoremReport>& proofs, double seconds);

/// "32 of 32 theorems proved by Coq ..." or "not asked: --no-coq".
std::string coq_summary(const prove::CoqReport& coq);
/// What Coq proves, a row a theorem, or why it was not asked.
std::string coq_markdown(const prove::CoqReport& coq);

}  // namespace attest::report
