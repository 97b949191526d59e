// Arbitrary keys and states, and the sums that a state represents.
//
// Scores are in the exponential domain: a key has a weight w = e^s > 0. A state represents the set of keys
// whose weights sum to W and whose weighted values sum to U when m > 0, m * l = W, m * o = U, l >= 1.
#pragma once

#include <string>
#include <vector>

#include "attention/recurrence.hpp"
#include "support/laws.hpp"
#include "support/real_theorem.hpp"

namespace attest::proofs {

/// Keys with positive weights `w_...` and any values `v_...`.
template <class World>
struct Keys {
  using Number = typename World::Number;
  std::vector<Number> weights;
  std::vector<Number> values;

  std::size_t size() const { return weights.size(); }
  /// Keys begin..end-1.
  Keys slice(std::size_t begin, std::size_t end) const {
    Keys part;
    for (std::size_t j = begin; j < end; ++j) {
      part.weights.push_back(weights[j]);
      part.values.push_back(values[j]);
    }
    return part;
  }
  Number weight_sum() const {
    Number sum = weights[0];
    for (std::size_t j = 1; j < size(); ++j) sum = sum + weights[j];
    return sum;
  }
  Number value_sum() const {
    Number sum = weights[0] * values[0];
    for (std::size_t j = 1; j < size(); ++j) sum = sum + weights[j] * values[j];
    return sum;
  }
};

template <class World>
Keys<World> any_keys(World& world, std::size_t count, const std::string& suffix = "") {
  Keys<World> keys;
  for (std::size_t j = 0; j < count; ++j) {
    keys.weights.push_back(world.real("w" + std::to_string(j) + suffix));
    keys.values.push_back(world.real("v" + std::to_string(j) + suffix));
    world.assume(keys.weights[j] > 0);
  }
  return keys;
}

template <class World, class A>
std::vector<typename A::Score> scores_of(const Keys<World>& keys, const A& k) {
  std::vector<typename A::Score> scores;
  for (const auto& weight : keys.weights) scores.push_back(as_score(k, weight));
  return scores;
}

/// One component a key.
template <class World, class A>
std::vector<std::vector<typename A::Acc>> values_of(const Keys<World>& keys, const A& k) {
  std::vector<std::vector<typename A::Acc>> values;
  for (const auto& value : keys.values) values.push_back({as_acc(k, value)});
  return values;
}

template <class World, class A>
attention::State<A> block_of(const Keys<World>& keys, const A& k) {
  return attention::block(k, scores_of(keys, k), values_of(keys, k));
}

/// A state that represents some set of keys, with a value of one component.
template <class World, class A>
attention::State<A> any_state(World& world, const A& k, const std::string& name) {
  const auto m = world.real("m_" + name);
  const auto l = world.real("l_" + name);
  const auto o = world.real("o_" + name);
  world.assume(m > 0);
  world.assume(l >= 1);
  return {as_score(k, m), as_acc(k, l), {as_numerator(k, o)}};
}

/// W = m * l.
template <class A>
auto weight_sum(const A& k, const attention::State<A>& state) {
  return weight_of(k, state.m) * number_of(k, state.l);
}

/// U = m * o.
template <class A>
auto value_sum(const A& k, const attention::State<A>& state) {
  return weight_of(k, state.m) * number_of(k, state.o[0]);
}

/// That the states are equal, component by component.
template <class World, class A>
void show_same(World& world, const A& k, const attention::State<A>& a, const attention::State<A>& b,
               const std::string& note = "") {
  world.show("same m" + note, weight_of(k, a.m) == weight_of(k, b.m));
  world.show("same l" + note, number_of(k, a.l) == number_of(k, b.l));
  for (std::size_t c = 0; c < a.o.size(); ++c)
    world.show("same o" + note, number_of(k, a.o[c]) == number_of(k, b.o[c]));
}

/// That `state` represents keys with the sums W and U.
template <class World, class A, class Number>
void show_represents(World& world, const A& k, const attention::State<A>& state, const Number& W,
                     const Number& U, const std::string& note = "") {
  world.show("m > 0" + note, weight_of(k, state.m) > 0);
  world.show("m * l = W" + note, weight_sum(k, state) == W);
  world.show("m * o = U" + note, value_sum(k, state) == U);
  world.show("l >= 1" + note, number_of(k, state.l) >= 1);
}

}  // namespace attest::proofs
