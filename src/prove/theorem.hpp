// A theorem: a sentence, its proof obligations, and its twin.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "semantics/fault.hpp"

namespace attest::prove {

/// A value for each variable, in the order of Obligation::variables. Reals are rationals ("-1/2"), floats
/// hexadecimal ("0x1.8p+1", "-inf", "nan"), truth values "true" and "false".
using Model = std::vector<std::pair<std::string, std::string>>;

/// The solver of a goal, and the answer that proves it.
enum class Method : std::uint8_t {
  smt,    ///< Z3 and cvc5, on hypotheses and negated goal: unsat
  horn,   ///< Z3's Spacer, on constrained Horn clauses that end in false: sat (there is an invariant)
  gappa,  ///< Gappa, on a script of its own language: accepted
};

/// One thing to prove, as a complete script.
struct Goal {
  std::string name;
  std::string script;  ///< SMT-LIB 2, or Gappa's language
  Method method = Method::smt;
  /// Searches for a counterexample, for goals whose solver shows none; empty if none was found. Arguments:
  /// seconds and seed.
  std::function<Model(double seconds, unsigned seed)> search = nullptr;
};

/// The obligations of a theorem. The goals share the hypotheses, whose script must be satisfiable.
struct Obligation {
  std::string logic;
  std::vector<std::string> variables;  ///< in the order in which counterexamples are printed
  std::string hypotheses;              ///< a script: sat, or the theorem says nothing
  std::vector<Goal> goals;
  /// The method for the hypotheses: smt, or horn, whose clauses must reach the states that the theorem is
  /// about.
  Method hypotheses_method = Method::smt;
};

/// A counterexample run on concrete numbers.
struct Replay {
  bool hypotheses_hold = false;
  std::vector<std::string> failed;  ///< names of the goals that are false there
};

/// A statement, possibly about a wrong program: symbolic, and on the numbers of a model.
struct Statement {
  std::function<Obligation()> obligation;
  std::function<Replay(const Model&)> replay;
};

/// The same obligation for a plausible wrong program. It must be refuted, and its model must fail on numbers.
struct Twin {
  std::string name;  ///< what is wrong
  Statement statement;
};

/// The numbers that a theorem is about; what is assumed of them, and who decides it, follow.
enum class NumberKind : std::uint8_t {
  real,     ///< exact
  rounded,  ///< of any format, by the properties of rounding
  terms,    ///< of any arithmetic: equal where the operations are the same
  floats,   ///< of one format, bit by bit
  words,    ///< of memory, counted by Horn clauses
  gappa,    ///< of one format, in ranges
};

struct Theorem {
  std::string name;      ///< lower case, words joined by dashes
  std::string sentence;  ///< what is proved, in words
  NumberKind numbers = NumberKind::real;
  std::string semantics;  ///< the numbers, for a person: "z3_real", "z3_fp f16", ...
  Statement statement;
  Twin twin;
  /// The statement where the semantics has a fault.
  std::function<Statement(semantics::ArithmeticFault)> with_fault = nullptr;
  /// Estimated seconds. Expensive theorems start first, to finish earlier.
  double cost = 0;
  /// Limit of cvc5's seconds for one goal: small if cvc5 is known to find no proof.
  double cvc5_seconds = 20;
  /// Why no solver is expected to decide it. Empty: it must be proved.
  std::string out_of_reach = {};
  /// The code that it is about, "recurrence.hpp: block, merge; lse.hpp: to_row": headers of src/attention and
  /// the names that the statement calls, or one of the two below. A test compares it with the theorem's
  /// source.
  std::string code = {};
};

/// Of theorems that have no template to call: about formulas, and about Horn clauses whose derivations a test
/// compares with the evaluator's traces.
inline constexpr const char* kBoundArithmetic = "the bound's arithmetic";
inline constexpr const char* kByTraces = "transformer/recompute.hpp, by its traces";

/// The theorem with the code that it is about.
inline Theorem about(std::string code, Theorem theorem) {
  theorem.code = std::move(code);
  return theorem;
}

}  // namespace attest::prove
