// The proofs in a report.
#pragma once

#include <string>
#include <vector>

#include "prove/prove.hpp"

namespace attest::report {

/// One row per theorem: statement, verdicts, twin with its counterexample, seconds.
std::string proofs_markdown(const std::vector<prove::TheoremReport>& proofs, double seconds);

}  // namespace attest::report
