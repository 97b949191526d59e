// Theorems over reals with an abstract rounding, hence over every format at once (z3_rounded.hpp); their
// counterexamples are replayed in one of them.
#pragma once

#include <string>
#include <utility>

#include "semantics/z3_rounded.hpp"
#include "support/concrete_floats.hpp"
#include "support/symbolic.hpp"

namespace attest::proofs {

/// Real numbers; those that a statement gives to the semantics are numbers of the format by that.
class SymbolicRounded : public ObligationBuilder {
 public:
  using Number = Real;
  using ObligationBuilder::ObligationBuilder;
  Real number(const std::string& name) { return {variable(name, context_.real_sort())}; }
  Real constant(int value) const { return {context_.real_val(value)}; }
};

inline semantics::Z3Rounded::Score as_score(const semantics::Z3Rounded& k, const Real& x) {
  k.score_rounding().fix(x.term);
  return {x.term};
}
inline semantics::Z3Rounded::Acc as_acc(const semantics::Z3Rounded& k, const Real& x) {
  k.rounding().fix(x.term);
  return {x.term};
}
inline semantics::Z3Rounded::Acc as_numerator(const semantics::Z3Rounded& k, const Real& x) {
  return as_acc(k, x);
}
inline Real score_value(const semantics::Z3Rounded&, const semantics::Z3Rounded::Score& s) {
  return {s.term};
}
inline Real number_of(const semantics::Z3Rounded&, const semantics::Z3Rounded::Acc& x) { return {x.term}; }

/// Supposes that x + y rounds to x.
inline void suppose_absorbed(SymbolicRounded&, const semantics::Z3Rounded& k, const Real& x, const Real& y) {
  k.rounding().know(x.term + y.term, x.term);
}
template <class E>
void suppose_absorbed(ConcreteFloats& world, const semantics::Emulated<E>& k, double x, double y) {
  world.assume(k.add(x, y) == x);
}
/// Supposes that x is a number of the format.
inline void suppose_exact(SymbolicRounded&, const semantics::Z3Rounded& k, const Real& x) {
  k.rounding().fix(x.term);
}
template <class E>
void suppose_exact(ConcreteFloats& world, const semantics::Emulated<E>& k, double x) {
  world.assume(k.add(x, 0) == x);
}

/// Counterexamples are replayed in `format`.
template <class S>
prove::Statement rounded_statement(const S& statement, const Format& format) {
  const auto obligation = [=] {
    z3::context context;
    const semantics::Z3Rounded k(context);
    SymbolicRounded world(context);
    statement(world, k);
    for (const z3::expr& axiom : k.axioms()) world.assume_throughout({axiom});
    return world.obligation("QF_UFNRA");
  };
  const auto replay = [=](const prove::Model& model) {
    ConcreteFloats world(model);
    statement(world, semantics::Emulated<>(format));
    return world.replay();
  };
  return {obligation, replay};
}

template <class S, class T>
prove::Theorem rounded_theorem(std::string name, std::string sentence, const S& statement,
                               std::string twin_name, const T& twin, const Format& format = kBinary16) {
  return {.name = std::move(name),
          .sentence = std::move(sentence),
          .numbers = prove::NumberKind::rounded,
          .semantics = "z3_rounded",
          .statement = rounded_statement(statement, format),
          .twin = {std::move(twin_name), rounded_statement(twin, format)},
          .cost = 1};
}

}  // namespace attest::proofs
