// What `attest prove` prints.
#pragma once

#include <string>
#include <vector>

#include "prove/prove.hpp"

namespace attest::prove {

/// One line per theorem (name, verdicts of Z3 and cvc5, twin, seconds), then the twin's counterexample and
/// anything unexpected. The last line is the summary.
std::string theorems_text(const std::vector<TheoremReport>& reports, double seconds);
/// "m_a = 1, l_a = 1/2"; of a long one, the first numbers and how many are left out.
std::string model_text(const Model& model);
/// "40 theorems proved, 40 twins refuted and replayed, in 61.2 s".
std::string proofs_summary(const std::vector<TheoremReport>& reports, double seconds);

}  // namespace attest::prove
