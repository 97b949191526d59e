// Proves theorems: every goal by Z3 and cvc5, the hypotheses satisfiable, the twin refuted and replayed.
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

namespace attest {

enum class SolverChoice : std::uint8_t { z3, cvc5, both };

struct ProveProgress {
  std::size_t done = 0;  ///< questions answered
  std::size_t planned = 0;
  double seconds = 0;
};

struct ProveOptions {
  /// Who decides the SMT goals; those of Spacer and of Gappa have one decider. Hypotheses and twins are
  /// always Z3's: models are checked on numbers.
  SolverChoice solvers = SolverChoice::both;
  Limits z3{180, 1};
  Limits cvc5{20, 1};
  unsigned jobs = 1;                                   ///< threads
  std::filesystem::path smt2;                          ///< folder for every obligation as a file; empty: none
  std::function<void(const ProveProgress&)> progress;  ///< called from the threads, one at a time
};

/// One goal; no verdict where a solver was not asked. Spacer's is Z3's.
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
  Answer hypotheses = Answer::unknown;  ///< sat, or the theorem says nothing
  /// The witness of the hypotheses, run on numbers, keeps them and every goal. (It may not keep them where
  /// the numbers are coarser than the symbols.)
  bool witness_replayed = false;
  std::vector<GoalReport> goals;
  TwinReport twin;
  double seconds = 0;  ///< of all its questions, one after another
};

/// What Z3 and cvc5 say cannot both be true, or numbers contradict a proof: nothing may rest on this.
struct SolverDisagreement : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The reports in the order of the theorems; which are the same for any number of jobs, times apart. Throws
/// SolverDisagreement, or SolverError when a solver cannot be run, Smt2FileError when a file cannot be
/// written.
std::vector<TheoremReport> prove(const std::vector<Theorem>& theorems, const ProveOptions& options);

/// What two solvers' answers come to: proved needs one proof and no model. Either may be absent.
ProofVerdict combined(std::optional<ProofVerdict> z3, std::optional<ProofVerdict> cvc5);

/// Throws SolverDisagreement when one solver proved the goal and the other has a model of its negation.
void require_agreement(const std::string& theorem, const GoalReport& goal);

/// Proved, or named in advance as out of reach and not refuted; its twin refuted and replayed.
bool as_expected(const TheoremReport& report);

}  // namespace attest
