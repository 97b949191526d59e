// What Coq proves, asked by proofs/coq/prove.sh.
#pragma once

#include <string>
#include <vector>

namespace attest::prove {

struct CoqTheorem {
  std::string name, code, sentence;  ///< as proofs/coq/theorems.txt says
  bool proved = false;
  std::string verdict;  ///< "proved", "not proved", or that with what the proof rests on
};

struct CoqReport {
  std::string not_asked;  ///< why; empty: asked
  std::string summary;    ///< one sentence, with Coq's version
  std::vector<CoqTheorem> theorems;
};

/// The theorems that theorems.txt lists, a line "module.theorem | code | statement" each, none of them proved
/// yet. Throws std::invalid_argument for a line of another form.
std::vector<CoqTheorem> listed_coq_theorems(const std::string& theorems);

/// Runs the script of the source tree, which compiles what changed: some minutes the first time. Where Coq,
/// or the source tree, is missing, nothing is asked. Throws SolverError when no shell starts.
CoqReport ask_coq();

/// The report from what the script printed and from theorems.txt. A theorem that is not in the answer is not
/// proved.
CoqReport read_coq_answer(const std::string& answer, const std::string& theorems);

}  // namespace attest::prove
