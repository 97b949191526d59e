// A constant added to all scores of a row is added to its lse. (In the exponential domain: all weights times
// c > 0 make the lse's exponential c times as large.)
#include "attention/lse.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class A>
void show_moves(World& world, const A& k, std::size_t shifted_keys) {
  const auto c = world.real("c");
  world.assume(c > 0);
  const auto keys = any_keys(world, 2);
  auto shifted = keys;
  for (std::size_t j = 0; j < shifted_keys; ++j) shifted.weights[j] = c * keys.weights[j];
  const auto plain = block_of(keys, k);
  const auto moved = block_of(shifted, k);
  for (std::size_t j = 0; j < keys.size(); ++j) {
    world.use(ShareLaw{}, weight_of(k, plain.m), keys.weights[j], number_of(k, k.one()));
    world.use(ShareLaw{}, weight_of(k, moved.m), shifted.weights[j], number_of(k, k.one()));
  }
  world.lemma("e^lse is the sum of weights", weight_of(k, to_row(k, plain).lse) == keys.weight_sum());
  world.lemma("so it is after the shift", weight_of(k, to_row(k, moved).lse) == shifted.weight_sum());
  world.show("lse moves by the constant",
             weight_of(k, to_row(k, moved).lse) == c * weight_of(k, to_row(k, plain).lse));
}

}  // namespace

prove::Theorem lse_shift() {
  const auto statement = [](auto& world, const auto& k) { show_moves(world, k, 2); };
  const auto not_all = [](auto& world, const auto& k) { show_moves(world, k, 1); };
  return prove::about(
      "lse.hpp: to_row",
      real_theorem("lse-shift",
                   "The lse is the log of the sum of weights, and a constant added to all scores moves it by "
                   "that constant.",
                   statement, OtherTwin{"one key not shifted", not_all}));
}

}  // namespace attest::proofs
