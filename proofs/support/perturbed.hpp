// Exact numbers with a rounding error where the error bound has one: a program with these numbers computes
//
//     N = sum w (1 + a) (1 + mu) v + eta_n      D = sum w (1 + a) (1 + nu) + eta_d
//
// a is common to numerator and denominator (the exponential's error), mu and nu are not (P's cast and the
// sums' roundings), eta_n and eta_d are absolute (underflow).
#pragma once

#include <utility>
#include <vector>

#include "attention/online.hpp"
#include "support/states.hpp"

namespace attest::proofs {

template <class Number>
struct Errors {
  Number a, mu, nu, eta_n, eta_d;
};

/// Around a real semantics A; the weight of a key carries the errors of that key.
template <semantics::Semantics A, class Number>
class Perturbed {
 public:
  using Score = typename A::Score;
  struct Acc {
    Number value;
    bool weight = false;
  };

  Perturbed(const A& base, const Errors<Number>& errors) : k_(base), errors_(errors) {}

  Score max(const Score& s, const Score& t) const { return k_.max(s, t); }
  Score sub(const Score& s, const Score& t) const { return k_.sub(s, t); }
  Acc exp(const Score& s) const { return {number_of(k_, k_.exp(s)) * (1 + errors_.a), true}; }
  Acc probability(const Acc& x) const { return {x.value * (1 + errors_.mu)}; }
  Acc one() const { return {number_of(k_, k_.one())}; }
  Acc add(const Acc& x, const Acc& y) const {
    return {y.weight ? x.value + y.value * (1 + errors_.nu) + errors_.eta_d : x.value + y.value};
  }
  /// Of a probability and a value.
  Acc mul(const Acc& x, const Acc& y) const { return {x.value * y.value + errors_.eta_n}; }
  Acc div(const Acc& x, const Acc& y) const { return {x.value / y.value}; }

 private:
  const A& k_;
  Errors<Number> errors_;
};

template <class World>
Errors<typename World::Number> any_errors(World& world) {
  return {world.real("a"), world.real("mu"), world.real("nu"), world.real("eta_n"), world.real("eta_d")};
}

/// Numerator and denominator after one more key of weight w and value v, as `accumulate` computes them with
/// these errors.
template <class A, class Number>
std::pair<Number, Number> add_key(const A& k, const Errors<Number>& errors, const Number& N, const Number& D,
                                  const Number& w, const Number& v) {
  using P = Perturbed<A, Number>;
  using Acc = typename P::Acc;
  const P perturbed(k, errors);
  attention::State<P> state{k.origin(), Acc{D}, std::vector<Acc>{Acc{N}}};
  const std::vector<typename A::Score> scores{as_score(k, w)};
  const std::vector<std::vector<Acc>> values(1, std::vector<Acc>{Acc{v}});
  accumulate(perturbed, state, state.m, scores, values);
  return {state.o[0].value, state.l.value};
}

}  // namespace attest::proofs
