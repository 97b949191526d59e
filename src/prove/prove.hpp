// Proves theorems: every goal by Z3 and cvc5, with satisfiable hypotheses and a refuted, replayed twin.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "prove/solver.hpp"
#include "prove/theorem.hpp"
#include "prove/verdict.hpp"

namespace attest::prove {

enum class SolverChoice : std::uint8_t { z3, cvc5, both };

struct ProveProgress {
  std::size_t done = 0;  ///< questions answered
  std::size_t planned = 0;
  double seconds = 0;
};

struct ProveOptions {
  /// The solvers of SMT goals. Goals for Spacer and Gappa have one solver each. Hypotheses and twins always
  /// use Z3, because their models are checked on numbers.
  SolverChoice solvers = SolverChoice::both;
  Limits z3{180, 1};
  Limits cvc5{20, 1};
  unsigned jobs = 1;                                   ///< threads
  std::filesystem::path smt2;                          ///< folder for every obligation as a file; empty: none
  std::function<void(const ProveProgress&)> progress;  ///< called from the threads, one at a time
};

/// The verdicts on one goal; none: the solver was not run. Spacer's verdict is stored as Z3's.
struct GoalReport {
  std::string name;
  std::optional<ProofVerdict> z3, cvc5;
  std::optional<ProofVerdict> gappa = std::nullopt;
};

struct TwinReport {
  std::string name;
  ProofVerdict verdict = ProofVerdict::unknown;
  std::string goal;       ///< the one refuted
  Model model;            ///< its counterexample
  bool replayed = false;  ///< the counterexample, run on numbers, keeps the hypotheses and fails the goal
};

struct TheoremReport {
  std::string name, sentence, semantics, code;
  NumberKind numbers = NumberKind::real;
  ProofVerdict verdict = ProofVerdict::unknown;
  std::optional<ProofVerdict> z3, cvc5;  ///< the worst of the goals
  std::optional<ProofVerdict> gappa;
  std::string out_of_reach;             ///< why it was expected to stay undecided; else empty
  Answer hypotheses = Answer::unknown;  ///< must be sat; otherwise the theorem proves nothing
  /// Whether the model of the hypotheses, run on numbers, satisfies them and every goal. (It may not satisfy
  /// them if the numbers are coarser than the symbols.)
  bool witness_replayed = false;
  std::vector<std::string> failed_on_numbers;  ///< goals that this model refutes
  std::vector<GoalReport> goals;
  TwinReport twin;
  double seconds = 0;  ///< of all its questions, one after another
};

/// Z3 and cvc5 contradict each other, or numbers contradict a proof. No result may be used.
struct SolverDisagreement : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The reports in the order of the theorems. Except for times they do not depend on the number of jobs.
/// Throws SolverDisagreement, SolverError if a solver cannot be run, and Smt2FileError if a file cannot be
/// written.
std::vector<TheoremReport> prove(const std::vector<Theorem>& theorems, const ProveOptions& options);

/// Combines two solvers' answers: "proved" needs one proof and no counterexample. Either may be absent.
ProofVerdict combined(std::optional<ProofVerdict> z3, std::optional<ProofVerdict> cvc5);

/// Throws SolverDisagreement if one solver proved the goal and the other found a model of its negation.
void require_agreement(const std::string& theorem, const GoalReport& goal);

/// Whether the theorem is proved (or is listed as out of reach and not refuted) and its twin is refuted and
/// replayed.
bool as_expected(const TheoremReport& report);

}  // namespace attest::prove
