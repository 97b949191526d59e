#include "prove/trust_table.hpp"

#include <stdexcept>

#include <fmt/format.h>

namespace attest::prove {

std::string assumptions_of(NumberKind numbers) {
  switch (numbers) {
    case NumberKind::real:
      return "exact real arithmetic; a score is its exponential, any weight > 0";
    case NumberKind::rounded:
      return "rounding is monotone, odd and fixes the format's numbers; exp(x) is in [0, 1] for x <= 0, "
             "exp(0) = 1; no overflow";
    case NumberKind::terms:
      return "an operation gives equal results for equal operands, and is otherwise unknown";
    case NumberKind::floats:
      return "IEEE 754 to nearest even, bit by bit; exp(x) is in [0, 1] for x <= 0, exp(0) = 1, exp(-inf) = "
             "0, NaN gives NaN";
    case NumberKind::words:
      return "the clauses derive the evaluator's traces (tested)";
    case NumberKind::gappa:
      return "IEEE 754 to nearest even, within the ranges of the statement";
  }
  return "";
}

std::string deciders_of(const Theorem& theorem) {
  if (theorem.numbers == NumberKind::words) return "Z3 (Spacer)";
  if (theorem.numbers == NumberKind::gappa) return "Gappa";
  return theorem.out_of_reach.empty() ? "Z3, cvc5" : "no one: " + theorem.out_of_reach;
}

std::string trust_table(const std::vector<Theorem>& theorems) {
  const auto cell = [](std::string text) {
    for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
    return text;
  };
  std::string table =
      "| theorem | statement | of which code | numbers | asked of | refuted twin "
      "|\n|---|---|---|---|---|---|\n";
  for (const Theorem& t : theorems)
    table += fmt::format("| {} | {} | {} | {} | {} | {} |\n", t.name, cell(t.sentence), t.code, t.semantics,
                         deciders_of(t), cell(t.twin.name));
  return table;
}

std::string with_trust_table(const std::string& document, const std::vector<Theorem>& theorems) {
  const std::string first = "<!-- The table is written by ./attest docs. -->\n\n";
  const std::string last = "\n<!-- End of the table. -->\n";
  const std::size_t from = document.find(first);
  const std::size_t to = from == std::string::npos ? from : document.find(last, from + first.size());
  if (to == std::string::npos) throw std::invalid_argument("the document does not mark where its table is");
  return document.substr(0, from) + first + trust_table(theorems) + document.substr(to);
}

const std::vector<std::string>& tested_only() {
  static const std::vector<std::string> list{
      "That a term of Z3's floats has the bits of the program that runs: on drawn and special inputs, in "
      "f16, bf16, f32 and two 8-bit formats (`tests/semantics/z3_fp_test.cpp`).",
      "That rounding is monotone, odd and fixes the format's numbers: exhaustively in two 8-bit formats, on "
      "drawn results of every operation in f16 and bf16 (`tests/semantics/emulated_test.cpp`).",
      "That statements mean the same to the solvers and when replayed: at random points, with and without "
      "faults (`tests/prove/worlds_test.cpp`, which also runs every theorem over the reals at more random "
      "rational points, each within its hypotheses, than its polynomials have degrees).",
      "`numerator-within`, besides its proofs: in every step between numbers of two 8-bit formats, e4m3 and "
      "e5m2, with every exponential in [0, 1] (`tests/attention/eight_bit_test.cpp`). Z3 4.8.12 gives up "
      "on the floats of e5m2, with significands of 3 bits.",
      "That the exponential of a kernel keeps its contract: measured for attest's own, declared by a kernel.",
      "Loops over more keys than a theorem instantiates: `tile-is-loop`, `decode-is-prefill` and "
      "`chunk-is-prefill` show loops of up to seven keys; that longer ones repeat the same step is read off "
      "the code, and proved in Coq of transcripts.",
      "That the certified bound follows from its lemmas, beyond what Coq proves: `docs/bound-derivation.md`, "
      "attacked by `properties/bound_attack`.",
  };
  return list;
}

const std::vector<std::string>& assumed() {
  static const std::vector<std::string> list{
      "Z3, cvc5 and Gappa are right where they agree or stand alone. A proof by one and a counterexample by "
      "the other stops `attest prove`.",
      "The compiler and the machine compute IEEE 754 operations as written (`-ffp-contract=off`).",
  };
  return list;
}

}  // namespace attest::prove
