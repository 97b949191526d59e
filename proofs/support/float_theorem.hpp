// Theorems over IEEE floats of one format: one generic statement, proved bit by bit and replayed in the
// machine's floats (f32) or the emulated format.
#pragma once

#include <string>
#include <utility>

#include "semantics/faulty.hpp"
#include "support/adapt.hpp"
#include "support/concrete_floats.hpp"
#include "support/symbolic_floats.hpp"

namespace attest {

template <class A, class Number>
auto score_value(const Faulty<A>& k, const Number& s) {
  return score_value(k.base(), s);
}

template <class World, class A, class S>
void run_statement(World& world, const A& k, const S& statement, ArithmeticFault fault) {
  if (fault == ArithmeticFault::none) {
    statement(world, k);
  } else {
    statement(world, Faulty<A>(k, fault));
  }
}

template <class S>
Obligation float_obligation(const Format& format, const S& statement, ArithmeticFault fault) {
  z3::context context;
  SymbolicFloats world(context, format);
  run_statement(world, Z3Fp(context, format, world.exponential()), statement, fault);
  return world.obligation("QF_FP");
}

template <class S>
Replay float_replay(const Format& format, const S& statement, ArithmeticFault fault, const Model& model) {
  ConcreteFloats world(model);
  if (format == kBinary32) {
    run_statement(world, Native<float, ReplayedExp>{{&world}}, statement, fault);
  } else {
    run_statement(world, Emulated<ReplayedExp>(format, ReplayedExp{&world}), statement, fault);
  }
  return world.replay();
}

template <class S>
Statement float_statement(const Format& format, const S& statement,
                          ArithmeticFault fault = ArithmeticFault::none) {
  return {[=] { return float_obligation(format, statement, fault); },
          [=](const Model& model) { return float_replay(format, statement, fault, model); }};
}

/// `twin` is a fault of the same statement.
template <class S>
Theorem float_theorem(std::string name, std::string sentence, const Format& format, const S& statement,
                      ArithmeticFault twin, double cost) {
  const auto with_fault = [=](ArithmeticFault fault) { return float_statement(format, statement, fault); };
  return {.name = std::move(name),
          .sentence = std::move(sentence),
          .numbers = NumberKind::floats,
          .semantics = "z3_fp " + std::string(format_name(format)),
          .statement = with_fault(ArithmeticFault::none),
          .twin = {std::string(name_of(twin)), with_fault(twin)},
          .with_fault = with_fault,
          .cost = cost};
}

/// `twin` is another statement.
template <class S, class T>
Theorem float_theorem(std::string name, std::string sentence, const Format& format, const S& statement,
                      std::string twin_name, const T& twin, double cost) {
  const auto with_fault = [=](ArithmeticFault fault) { return float_statement(format, statement, fault); };
  return {.name = std::move(name),
          .sentence = std::move(sentence),
          .numbers = NumberKind::floats,
          .semantics = "z3_fp " + std::string(format_name(format)),
          .statement = with_fault(ArithmeticFault::none),
          .twin = {std::move(twin_name), float_statement(format, twin)},
          .with_fault = with_fault,
          .cost = cost};
}

}  // namespace attest
