#include "support/obligation_builder.hpp"

#include <fmt/format.h>

namespace attest::proofs {
namespace {

std::string script(const std::string& logic, const std::string& comment, const z3::expr_vector& assertions) {
  z3::solver printer(assertions.ctx());
  printer.add(assertions);
  return fmt::format("; {}\n(set-logic {})\n{}", comment, logic, printer.to_smt2());
}

}  // namespace

z3::expr ObligationBuilder::variable(const std::string& name, const z3::sort& sort) {
  variables_.push_back(name);
  return context_.constant(name.c_str(), sort);
}

Formula ObligationBuilder::truth(const std::string& name) { return {variable(name, context_.bool_sort())}; }

void ObligationBuilder::assume(const Formula& hypothesis) {
  hypotheses_.push_back(hypothesis.term);
  facts_.push_back(hypothesis.term);
  is_new(hypothesis);
}

void ObligationBuilder::assume_throughout(const Formula& hypothesis) {
  assume(hypothesis);
  for (Pending& goal : goals_) goal.facts.push_back(hypothesis.term);
}

void ObligationBuilder::lemma(const std::string& goal, const Formula& claim) {
  show(goal, claim);
  facts_.push_back(claim.term);
}

void ObligationBuilder::add_goal(const std::string& name, const z3::expr_vector& facts,
                                 const Formula& claim) {
  z3::expr_vector copy(context_);
  for (const z3::expr& fact : facts) copy.push_back(fact);
  goals_.push_back({name, copy, claim.term});
}

prove::Obligation ObligationBuilder::obligation(const std::string& logic) const {
  prove::Obligation result{
      logic, variables_, script(logic, "sat: the hypotheses hold somewhere", hypotheses_), {}};
  for (const Pending& goal : goals_) {
    z3::expr_vector negated(context_);
    for (const z3::expr& fact : goal.facts) negated.push_back(fact);
    negated.push_back(!goal.claim);
    result.goals.push_back({goal.name, script(logic, "unsat proves: " + goal.name, negated)});
  }
  return result;
}

}  // namespace attest::proofs
