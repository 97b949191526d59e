// Collects what a symbolic statement assumes and shows, as SMT-LIB scripts.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <z3++.h>

#include "prove/theorem.hpp"

namespace attest::proofs {

/// A truth value of a statement. Unlike z3::expr it does not convert to bool.
struct Formula {
  z3::expr term;
  friend Formula operator&&(const Formula& a, const Formula& b) { return {a.term && b.term}; }
  friend Formula operator||(const Formula& a, const Formula& b) { return {a.term || b.term}; }
  friend Formula operator!(const Formula& a) { return {!a.term}; }
};
inline Formula implies(const Formula& a, const Formula& b) { return {z3::implies(a.term, b.term)}; }

class ObligationBuilder {
 public:
  using Truth = Formula;

  explicit ObligationBuilder(z3::context& context)
      : context_(context), hypotheses_(context), facts_(context) {}

  Formula truth(const std::string& name);
  void assume(const Formula& hypothesis);
  /// A goal, to follow from what was assumed, and from lemmas, before it.
  void show(const std::string& goal, const Formula& claim) { add_goal(goal, facts_, claim); }
  /// A goal that later goals may use.
  void lemma(const std::string& goal, const Formula& claim);

  /// A hypothesis of every goal, of those already shown too.
  void assume_throughout(const Formula& hypothesis);

  prove::Obligation obligation(const std::string& logic) const;

 protected:
  struct Pending {
    std::string name;
    z3::expr_vector facts;
    z3::expr claim;
  };

  /// A fresh constant, listed among the variables of a counterexample. A name belongs to one variable.
  z3::expr variable(const std::string& name, const z3::sort& sort);
  void add_goal(const std::string& name, const z3::expr_vector& facts, const Formula& claim);
  bool is_new(const Formula& fact) { return known_.insert(Z3_get_ast_id(context_, fact.term)).second; }

  z3::context& context_;
  z3::expr_vector hypotheses_;
  z3::expr_vector facts_;  ///< hypotheses and lemmas
  std::vector<Pending> goals_;

 private:
  std::vector<std::string> variables_;
  std::set<unsigned> known_;  ///< facts, by their terms
};

}  // namespace attest::proofs
