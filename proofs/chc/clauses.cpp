#include "chc/clauses.hpp"

#include <fmt/format.h>

#include "prove/solver.hpp"

namespace attest::proofs {

std::string recompute_clauses(const EvaluatorWords& words) {
  return fmt::format(
      R"((declare-fun Eval (Int Int Int) Bool)
(declare-fun Loop (Int Int Int Int) Bool)
; the embedding: what rows share, and no frame
(assert (forall ((t Int)) (=> (>= t 0) (Eval 0 t {shared}))))
; a frame, and the row's own input
(assert (forall ((n Int) (t Int) (p Int))
  (=> (and (>= n 1) (>= t 0) (Eval (- n 1) t p)) (Loop n t 0 (+ {frame} p)))))
; the input of token j
(assert (forall ((n Int) (t Int) (j Int) (p Int) (q Int))
  (=> (and (Loop n t j p) (< j t) (Eval (- n 1) j q))
      (Loop n t (+ j 1) (ite (< p (+ {frame} q)) (+ {frame} q) p)))))
; all inputs read
(assert (forall ((n Int) (t Int) (p Int)) (=> (Loop n t t p) (Eval n t p))))
)",
      fmt::arg("shared", words.shared), fmt::arg("frame", words.frame));
}

std::string kv_cache_clauses(std::size_t fixed, std::size_t cached) {
  return fmt::format(
      R"((declare-fun Cached (Int Int Int) Bool)
(assert (forall ((n Int)) (=> (>= n 1) (Cached n 0 {fixed}))))
; a token adds its key and value in every layer
(assert (forall ((n Int) (t Int) (p Int)) (=> (Cached n t p) (Cached n (+ t 1) (+ p (* {cached} n))))))
)",
      fmt::arg("fixed", fixed), fmt::arg("cached", cached));
}

std::string horn_script(const std::string& clauses, const std::string& predicate, const std::string& claim) {
  return fmt::format(
      "(set-logic HORN)\n{}(assert (forall ((n Int) (t Int) (p Int)) (=> (and ({} n t p) (not {})) false)))\n"
      "(check-sat)\n",
      clauses, predicate, claim);
}

bool derives(const std::string& clauses, const std::string& fact) {
  const prove::Answer answer = prove::ask_spacer(
      fmt::format("(set-logic HORN)\n{}(assert (=> {} false))\n(check-sat)\n", clauses, fact), {});
  if (answer != prove::Answer::sat && answer != prove::Answer::unsat)
    throw prove::SolverError("Spacer does not decide " + fact);
  return answer == prove::Answer::unsat;
}

}  // namespace attest::proofs
