// The loop over a tile's keys: one more key adds its weight and weighted value to the sums at any shift, and
// the key that is the shift brings the denominator to 1 or more.
//
// This is the induction over the size of a tile, for block (recurrence.hpp) and absorb (online.hpp) alike:
// both are runs of `accumulate` over one key after another, as tile_is_loop.cpp shows.
#include "attention/online.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {

prove::Theorem tile_loop() {
  const auto statement = [](auto& world, const auto& k) {
    const auto shift = world.real("shift");
    const auto l = world.real("l");
    const auto o = world.real("o");
    const auto key = any_keys(world, 1);
    world.assume(shift > 0);
    world.assume(l >= 0);
    attention::State<std::decay_t<decltype(k)>> state{as_score(k, shift), as_acc(k, l), {as_numerator(k, o)}};
    accumulate(k, state, state.m, scores_of(key, k), values_of(key, k));
    world.show("shift * l grows by w", shift * number_of(k, state.l) == shift * l + key.weight_sum());
    world.show("shift * o grows by w * v", shift * number_of(k, state.o[0]) == shift * o + key.value_sum());
    world.show("l does not shrink", l <= number_of(k, state.l));
    world.show("l >= 1 after the largest key", implies(key.weights[0] == shift, number_of(k, state.l) >= 1));
  };
  return prove::about(
      "online.hpp: accumulate",
      real_theorem("tile-loop",
                   "One more key of a tile adds its weight and weighted value to the sums at any shift; "
                   "the key of the shift brings the denominator to at least 1.",
                   statement, FaultTwin{semantics::ArithmeticFault::weight_not_counted}));
}

}  // namespace attest::proofs
