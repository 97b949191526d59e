// Asks Z3 whether a claim follows from hypotheses; a fixed seed and a time limit for each question.
#pragma once

#include <z3++.h>

#include "laws.hpp"

namespace attest::semantics {

inline laws::Truth follows(const z3::expr_vector& hypotheses, const z3::expr& claim,
                           unsigned timeout_ms = 20000) {
  z3::solver solver(claim.ctx());
  z3::params parameters(claim.ctx());
  parameters.set("timeout", timeout_ms);
  parameters.set("random_seed", 1U);
  solver.set(parameters);
  solver.add(hypotheses);
  solver.add(!claim);
  switch (solver.check()) {
    case z3::unsat:
      return laws::Truth::yes;
    case z3::sat:
      return laws::Truth::no;
    default:
      return laws::Truth::unknown;
  }
}

/// Hypotheses that contradict each other prove anything.
inline bool satisfiable(const z3::expr_vector& hypotheses) {
  z3::solver solver(hypotheses.ctx());
  solver.add(hypotheses);
  return solver.check() == z3::sat;
}

}  // namespace attest::semantics
