// Theorems over the reals: one generic statement, proved over symbols and replayed in exact rationals.
#pragma once

#include <utility>

#include "support/adapt.hpp"

namespace attest::proofs {

/// `statement(world, k)` over Z3Real, or over Z3Real with a fault.
template <class S>
prove::Obligation real_obligation(const S& statement, semantics::ArithmeticFault fault) {
  z3::context context;
  const semantics::Z3Real k(context);
  SymbolicWorld world(context);
  if (fault == semantics::ArithmeticFault::none) {
    statement(world, k);
  } else {
    statement(world, semantics::Faulty<semantics::Z3Real>(k, fault));
  }
  world.show_nonzero_first(k.divisors());
  return world.obligation("QF_NRA");
}

/// The same over rationals; a division by zero is a failure of its own.
template <class S>
prove::Replay real_replay(const S& statement, semantics::ArithmeticFault fault, const prove::Model& model) {
  const semantics::Rational k;
  ConcreteWorld world(model);
  try {
    if (fault == semantics::ArithmeticFault::none) {
      statement(world, k);
    } else {
      statement(world, semantics::Faulty<semantics::Rational>(k, fault));
    }
  } catch (const std::overflow_error&) {
    world.show("no divisor is zero", false);
  }
  return world.replay();
}

template <class S>
prove::Statement real_statement(const S& statement,
                                semantics::ArithmeticFault fault = semantics::ArithmeticFault::none) {
  return {[=] { return real_obligation(statement, fault); },
          [=](const prove::Model& model) { return real_replay(statement, fault, model); }};
}

/// A wrong program that is the right one over a wrong semantics.
struct FaultTwin {
  semantics::ArithmeticFault fault;
};

/// A wrong program of its own.
template <class S>
struct OtherTwin {
  std::string name;
  S statement;
};
template <class S>
OtherTwin(std::string, S) -> OtherTwin<S>;

template <class S>
prove::Theorem real_theorem(std::string name, std::string sentence, const S& statement, FaultTwin twin) {
  const auto with_fault = [=](semantics::ArithmeticFault fault) { return real_statement(statement, fault); };
  return {.name = std::move(name),
          .sentence = std::move(sentence),
          .numbers = prove::NumberKind::real,
          .semantics = "z3_real",
          .statement = with_fault(semantics::ArithmeticFault::none),
          .twin = {std::string(name_of(twin.fault)), with_fault(twin.fault)},
          .with_fault = with_fault};
}

template <class S, class T>
prove::Theorem real_theorem(std::string name, std::string sentence, const S& statement,
                            const OtherTwin<T>& twin) {
  const auto with_fault = [=](semantics::ArithmeticFault fault) { return real_statement(statement, fault); };
  return {.name = std::move(name),
          .sentence = std::move(sentence),
          .numbers = prove::NumberKind::real,
          .semantics = "z3_real",
          .statement = with_fault(semantics::ArithmeticFault::none),
          .twin = {twin.name, real_statement(twin.statement)},
          .with_fault = with_fault};
}

}  // namespace attest::proofs
