// Theorems about the bits of a result in any arithmetic: both programs do the same operations (z3_terms.hpp).
// Counterexamples are drawn and run in the machine's floats.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <utility>

#include "semantics/z3_terms.hpp"
#include "support/concrete_floats.hpp"
#include "support/obligation_builder.hpp"

namespace attest::proofs {

struct Term {
  z3::expr term;
};

class SymbolicTerms : public ObligationBuilder {
 public:
  using Number = Term;
  using ObligationBuilder::ObligationBuilder;

  /// Any number.
  Term number(const std::string& name) { return {variable(name, semantics::Z3Terms::sort_in(context_))}; }
  /// What is known without a solver.
  Formula known(bool holds) const { return {context_.bool_val(holds)}; }
};

class ConcreteTerms : public ConcreteFloats {
 public:
  using ConcreteFloats::ConcreteFloats;
  bool known(bool holds) const { return holds; }
};

inline semantics::Z3Terms::Score as_score(const semantics::Z3Terms&, const Term& x) { return {x.term}; }
inline semantics::Z3Terms::Acc as_acc(const semantics::Z3Terms&, const Term& x) { return {x.term}; }
inline Formula same(const semantics::Z3Terms::Acc& x, const semantics::Z3Terms::Acc& y) {
  return {x.term == y.term};
}
inline Formula same(const semantics::Z3Terms::Score& x, const semantics::Z3Terms::Score& y) {
  return {x.term == y.term};
}
/// Whether the terms are one, which says more than that they are equal.
inline bool is_one_term(const semantics::Z3Terms::Acc& x, const semantics::Z3Terms::Acc& y) {
  return z3::eq(x.term, y.term);
}
inline bool is_one_term(const semantics::Z3Terms::Score& x, const semantics::Z3Terms::Score& y) {
  return z3::eq(x.term, y.term);
}

/// Equal bits; any NaN for any NaN.
inline bool same(float x, float y) {
  return (std::isnan(x) && std::isnan(y)) ||
         std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
}
inline bool is_one_term(float x, float y) { return same(x, y); }

/// Fresh numbers name0, name1, ...
template <class World, class A>
std::vector<typename A::Acc> any_terms(World& world, const A& k, const std::string& name, std::size_t count) {
  std::vector<typename A::Acc> numbers;
  for (std::size_t i = 0; i < count; ++i)
    numbers.push_back(as_acc(k, world.number(name + std::to_string(i))));
  return numbers;
}

/// That all numbers of x are those of y.
template <class World, class X, class Y>
auto all_same(const World& world, const X& x, const Y& y) {
  auto equal = world.known(x.size() == y.size());
  for (std::size_t i = 0; i < std::min<std::size_t>(x.size(), y.size()); ++i)
    equal = equal && same(x[i], y[i]);
  return equal;
}

/// That the states are the same, numerators included.
template <class World, class S>
auto same_state(const World& world, const S& a, const S& b) {
  return same(a.m, b.m) && same(a.l, b.l) && all_same(world, a.o, b.o);
}

/// Drawn numbers on which the goal fails; none if a few hundred draws find none.
prove::Model drawn_failure(const std::function<prove::Replay(const prove::Model&)>& replay,
                           const std::vector<std::string>& variables, const std::string& goal, unsigned seed);

template <class S>
prove::Statement term_statement(const S& statement) {
  const std::function<prove::Replay(const prove::Model&)> replay = [=](const prove::Model& model) {
    ConcreteTerms world(model);
    statement(world, semantics::F32{});
    return world.replay();
  };
  const auto obligation = [=] {
    z3::context context;
    const semantics::Z3Terms k(context);
    SymbolicTerms world(context);
    statement(world, k);
    prove::Obligation result = world.obligation("QF_UF");
    for (prove::Goal& goal : result.goals) {
      goal.search = [=, variables = result.variables, name = goal.name](double, unsigned seed) {
        return drawn_failure(replay, variables, name, seed);
      };
    }
    return result;
  };
  return {obligation, replay};
}

template <class S, class T>
prove::Theorem term_theorem(std::string name, std::string sentence, const S& statement, std::string twin_name,
                            const T& twin) {
  return {.name = std::move(name),
          .sentence = std::move(sentence),
          .numbers = prove::NumberKind::terms,
          .semantics = "z3_terms",
          .statement = term_statement(statement),
          .twin = {std::move(twin_name), term_statement(twin)},
          .cost = 1};
}

}  // namespace attest::proofs
