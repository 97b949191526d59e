// A constant added to all scores of a row moves the running max by it and leaves the sums and the output:
// what softmax promises. (Scores in the exponential domain: all weights times c > 0.)
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class A, class Number>
void show_shifted(World& world, const A& k, const attention::State<A>& plain,
                  const attention::State<A>& shifted, const Number& c, const std::vector<Number>& weights,
                  const std::string& note) {
  const auto m = weight_of(k, plain.m);
  world.lemma("m moves" + note, weight_of(k, shifted.m) == c * m);
  for (const auto& weight : weights) world.use(RatioLaw{}, c, weight, m, weight_of(k, shifted.m));
  world.show("same l" + note, number_of(k, shifted.l) == number_of(k, plain.l));
  world.show("same o" + note, number_of(k, shifted.o[0]) == number_of(k, plain.o[0]));
}

template <class World, class A>
void show_block(World& world, const A& k, std::size_t shifted_keys) {
  const auto c = world.real("c");
  world.assume(c > 0);
  const auto keys = any_keys(world, 2);
  auto shifted = keys;
  for (std::size_t j = 0; j < shifted_keys; ++j) shifted.weights[j] = c * keys.weights[j];
  show_shifted(world, k, block_of(keys, k), block_of(shifted, k), c, keys.weights, ", block");
}

template <class World, class A>
void show_merge(World& world, const A& k) {
  const auto c = world.real("c_merge");
  world.assume(c > 0);
  const auto shift = [&](attention::State<A> state) {
    state.m = as_score(k, c * weight_of(k, state.m));
    return state;
  };
  const auto a = any_state(world, k, "a");
  const auto b = any_state(world, k, "b");
  show_shifted(world, k, merge(k, a, b), merge(k, shift(a), shift(b)), c,
               {weight_of(k, a.m), weight_of(k, b.m)}, ", merge");
}

}  // namespace

prove::Theorem shift_invariance() {
  const auto statement = [](auto& world, const auto& k) {
    show_block(world, k, 2);
    show_merge(world, k);
  };
  const auto not_all = [](auto& world, const auto& k) { show_block(world, k, 1); };
  return prove::about(
      "recurrence.hpp: block, merge",
      real_theorem(
          "shift-invariance",
          "A constant added to all scores moves m by it and changes neither l nor o, in a block of two keys "
          "and in a merge.",
          statement, OtherTwin{"one key not shifted", not_all}));
}

}  // namespace attest::proofs
