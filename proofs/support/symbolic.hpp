// Statements over real symbols: what a statement assumes and shows becomes SMT-LIB scripts.
//
// A statement is written once, over a *world*: this one makes of it an obligation for the solvers, that of
// concrete.hpp runs it on numbers. Its own arithmetic (`Real`, `Formula`) is separate from the semantics
// under test, so a fault of the semantics cannot hide in the statement.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "semantics/z3_real.hpp"
#include "support/obligation_builder.hpp"

namespace attest::proofs {

/// A real number of a statement.
struct Real {
  z3::expr term;
  friend Real operator+(const Real& x, const Real& y) { return {x.term + y.term}; }
  friend Real operator-(const Real& x, const Real& y) { return {x.term - y.term}; }
  friend Real operator*(const Real& x, const Real& y) { return {x.term * y.term}; }
  /// Where the statement has shown, or the semantics recorded, that y is not zero.
  friend Real operator/(const Real& x, const Real& y) { return {x.term / y.term}; }
  friend Real operator*(int x, const Real& y) { return {x * y.term}; }
  friend Real operator+(int x, const Real& y) { return {x + y.term}; }
  friend Real operator-(const Real& x, int y) { return {x.term - y}; }
  friend Real operator-(int x, const Real& y) { return {x - y.term}; }
  friend Real operator-(const Real& x) { return {-x.term}; }
  friend Formula operator==(const Real& x, const Real& y) { return {x.term == y.term}; }
  friend Formula operator<=(const Real& x, const Real& y) { return {x.term <= y.term}; }
  friend Formula operator<(const Real& x, const Real& y) { return {x.term < y.term}; }
  friend Formula operator>=(const Real& x, int y) { return {x.term >= y}; }
  friend Formula operator>(const Real& x, int y) { return {x.term > y}; }
  friend Formula operator<(const Real& x, int y) { return {x.term < y}; }
  friend Formula operator==(const Real& x, int y) { return {x.term == y}; }
};
/// a where c holds, else b.
inline Real choose(const Formula& c, const Real& a, const Real& b) {
  return {z3::ite(c.term, a.term, b.term)};
}

class SymbolicWorld : public ObligationBuilder {
 public:
  using Number = Real;
  using ObligationBuilder::ObligationBuilder;

  /// Any real.
  Real real(const std::string& name) { return {variable(name, context_.real_sort())}; }
  /// The instance of a law of arithmetic (laws.hpp) that solvers do not find on their own. The law is proved
  /// by itself, over fresh variables; that it applies is a goal; what it says becomes a lemma.
  template <class Law, class... Numbers>
  void use(const Law& law, const Numbers&... arguments) {
    static_assert(sizeof...(arguments) == Law::kParameters.size());
    if (laws_.insert(Law::kName).second) prove(law, std::index_sequence_for<Numbers...>());
    const Formula applies = law.applies(arguments...);
    if (is_new(applies)) lemma(std::string("applies: ") + Law::kName, applies);
    facts_.push_back(law.claim(arguments...).term);
  }
  /// The first goal: all hypotheses together keep every divisor of the runs from zero (x / 0 is any number in
  /// SMT-LIB).
  void show_nonzero_first(const z3::expr_vector& divisors);

 private:
  template <class Law, std::size_t... I>
  void prove(const Law& law, std::index_sequence<I...>) {
    z3::expr_vector applies(context_);
    applies.push_back(law.applies(parameter(Law::kParameters[I])...).term);
    add_goal(std::string("law: ") + Law::kName, applies, law.claim(parameter(Law::kParameters[I])...));
  }
  Real parameter(const char* name) const {
    return {context_.real_const((std::string("any_") + name).c_str())};
  }

  std::set<std::string> laws_;  ///< proved so far
};

}  // namespace attest::proofs
