#include "prove/trust_table.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace attest {

std::string assumptions_of(const std::string& semantics) {
  if (semantics == "z3_real") return "exact real arithmetic; a score is its exponential, any weight > 0";
  if (semantics == "z3_rounded")
    return "rounding is monotone, odd and fixes the format's numbers; exp(x) is in [0, 1] for x <= 0, exp(0) "
           "= 1; "
           "no overflow";
  if (semantics.rfind("z3_fp ", 0) == 0)
    return "IEEE 754 to nearest even, bit by bit; exp(x) is in [0, 1] for x <= 0, exp(0) = 1, exp(-inf) = 0, "
           "NaN "
           "gives NaN";
  if (semantics == "Horn clauses") return "the clauses derive the evaluator's traces (tested)";
  if (semantics.rfind("Gappa ", 0) == 0)
    return "IEEE 754 to nearest even, within the ranges of the statement";
  return "";
}

std::string deciders_of(const Theorem& theorem) {
  if (theorem.semantics == "Horn clauses") return "Z3 (Spacer)";
  if (theorem.semantics.rfind("Gappa ", 0) == 0) return "Gappa";
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

}  // namespace attest
