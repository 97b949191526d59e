// Runs a solver on an SMT-LIB 2 script.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "prove/theorem.hpp"

namespace attest::prove {

enum class Answer : std::uint8_t { unsat, sat, unknown, timeout };

struct Limits {
  double seconds = 120;  ///< for one question
  unsigned seed = 1;
};

/// A solver that cannot be run, or a script that it rejects.
struct SolverError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Runs Z3 in this process, with a separate context, so it is thread-safe. Throws SolverError if the script
/// does not parse.
Answer ask_z3(const std::string& smt2, const Limits& limits);

struct ModelAnswer {
  Answer answer = Answer::unknown;
  Model model;  ///< when sat
};

/// Like ask_z3, but simplifies the model: sets one variable after another to 0, 1 or another small value if a
/// model remains. Leaves out variables that the script does not mention.
ModelAnswer ask_z3_for_model(const std::string& smt2, const std::vector<std::string>& variables,
                             const Limits& limits);

/// cvc5, as a process; its limit is processor time. Throws SolverError when it cannot be run or rejects the
/// script.
Answer ask_cvc5(const std::string& smt2, const Limits& limits);

/// Z3's Spacer on constrained Horn clauses: sat when they do not derive false. Throws SolverError when the
/// script does not parse.
Answer ask_spacer(const std::string& smt2, const Limits& limits);

/// Gappa, as a process: unsat (nothing violates the claim) when it accepts the script, unknown when it finds
/// no proof. Throws SolverError when it cannot be run.
Answer ask_gappa(const std::string& script, const Limits& limits);

std::string z3_version();
/// "1.4.1"; empty when Gappa is not installed.
std::string gappa_version();
/// "1.0.3"; empty when cvc5 is not installed.
std::string cvc5_version();

}  // namespace attest::prove
