// Theorems over the reals: one generic statement, proved over symbols and replayed in exact rationals.
#pragma once

#include <utility>

#include "support/adapt.hpp"

namespace attest {

/// `statement(world, k)` over Z3Real, or over Z3Real with a fault.
template <class S>
Obligation real_obligation(const S& statement, ArithmeticFault fault) {
  z3::context context;
  const Z3Real k(context);
  SymbolicWorld world(context);
  if (fault == ArithmeticFault::none) {
    statement(world, k);
  } else {
    statement(world, Faulty<Z3Real>(k, fault));
  }
  world.show_nonzero_first(k.divisors());
  return world.obligation("QF_NRA");
}

/// The same over rationals; a division by zero is a failure of its own.
template <class S>
Replay real_replay(const S& statement, ArithmeticFault fault, const Model& model) {
  const Rational k;
  ConcreteWorld world(model);
  try {
    if (fault == ArithmeticFault::none) {
      statement(world, k);
    } else {
      statement(world, Faulty<Rational>(k, fault));
    }
  } catch (const std::overflow_error&) {
    world.show("no divisor is zero", false);
  }
  return world.replay();
}

template <class S>
Statement real_statement(const S& statement, ArithmeticFault fault = ArithmeticFault::none) {
  return {[=] { return real_obligation(statement, fault); },
          [=](const Model& model) { return real_replay(statement, fault, model); }};
}

/// A wrong program that is the right one over a wrong semantics.
struct FaultTwin {
  ArithmeticFault fault;
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
Theorem real_theorem(std::string name, std::string sentence, const S& statement, FaultTwin twin) {
  const auto with_fault = [=](ArithmeticFault fault) { return real_statement(statement, fault); };
  return {.name = std::move(name),
          .sentence = std::move(sentence),
          .numbers = NumberKind::real,
          .semantics = "z3_real",
          .statement = with_fault(ArithmeticFault::none),
          .twin = {std::string(name_of(twin.fault)), with_fault(twin.fault)},
          .with_fault = with_fault};
}

template <class S, class T>
Theorem real_theorem(std::string name, std::string sentence, const S& statement, const OtherTwin<T>& twin) {
  const auto with_fault = [=](ArithmeticFault fault) { return real_statement(statement, fault); };
  return {.name = std::move(name),
          .sentence = std::move(sentence),
          .numbers = NumberKind::real,
          .semantics = "z3_real",
          .statement = with_fault(ArithmeticFault::none),
          .twin = {twin.name, real_statement(twin.statement)},
          .with_fault = with_fault};
}

}  // namespace attest
