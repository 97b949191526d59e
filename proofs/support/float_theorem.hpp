// Theorems over IEEE floats of one format: one generic statement, proved bit by bit and replayed in the
// machine's floats (f32) or the emulated format.
#pragma once

#include <string>
#include <utility>

#include "semantics/faulty.hpp"
#include "support/adapt.hpp"
#include "support/concrete_floats.hpp"
#include "support/symbolic_floats.hpp"

namespace attest::proofs {

template <class A, class Number>
auto score_value(const semantics::Faulty<A>& k, const Number& s) {
  return score_value(k.base(), s);
}

template <class World, class A, class S>
void run_statement(World& world, const A& k, const S& statement, semantics::ArithmeticFault fault) {
  if (fault == semantics::ArithmeticFault::none) {
    statement(world, k);
  } else {
    statement(world, semantics::Faulty<A>(k, fault));
  }
}

template <class S>
prove::Obligation float_obligation(const Format& format, const S& statement,
                                   semantics::ArithmeticFault fault) {
  z3::context context;
  SymbolicFloats world(context, format);
  run_statement(world, semantics::Z3Fp(context, format, world.exponential()), statement, fault);
  return world.obligation("QF_FP");
}

template <class S>
prove::Replay float_replay(const Format& format, const S& statement, semantics::ArithmeticFault fault,
                           const prove::Model& model) {
  ConcreteFloats world(model);
  if (format == kBinary32) {
    run_statement(world, semantics::Native<float, ReplayedExp>{{&world}}, statement, fault);
  } else {
    run_statement(world, semantics::Emulated<ReplayedExp>(format, ReplayedExp{&world}), statement, fault);
  }
  return world.replay();
}

template <class S>
prove::Statement float_statement(const Format& format, const S& statement,
                                 semantics::ArithmeticFault fault = semantics::ArithmeticFault::none) {
  return {[=] { return float_obligation(format, statement, fault); },
          [=](const prove::Model& model) { return float_replay(format, statement, fault, model); }};
}

/// `twin` is a fault of the same statement.
template <class S>
prove::Theorem float_theorem(std::string name, std::string sentence, const Format& format, const S& statement,
                             semantics::ArithmeticFault twin, double cost) {
  const auto with_fault = [=](semantics::ArithmeticFault fault) {
    return float_statement(format, statement, fault);
  };
  return {.name = std::move(name),
          .sentence = std::move(sentence),
          .numbers = prove::NumberKind::floats,
          .semantics = "z3_fp " + std::string(format_name(format)),
          .statement = with_fault(semantics::ArithmeticFault::none),
          .twin = {std::string(name_of(twin)), with_fault(twin)},
          .with_fault = with_fault,
          .cost = cost};
}

/// `twin` is another statement.
template <class S, class T>
prove::Theorem float_theorem(std::string name, std::string sentence, const Format& format, const S& statement,
                             std::string twin_name, const T& twin, double cost) {
  const auto with_fault = [=](semantics::ArithmeticFault fault) {
    return float_statement(format, statement, fault);
  };
  return {.name = std::move(name),
          .sentence = std::move(sentence),
          .numbers = prove::NumberKind::floats,
          .semantics = "z3_fp " + std::string(format_name(format)),
          .statement = with_fault(semantics::ArithmeticFault::none),
          .twin = {std::move(twin_name), float_statement(format, twin)},
          .with_fault = with_fault,
          .cost = cost};
}

}  // namespace attest::proofs
