// The recurrence with a sentinel is the recurrence over the visible keys alone: absorbing a tile in which
// some keys are masked gives the state of absorbing the others. Every mask of a tile of 2 keys, after any
// state and after none; a tile without visible keys changes nothing. The output is finalize's, or zero where
// no key is visible, whatever the sums then are. (More keys: masked_keys.cpp.)
#include <fmt/format.h>

#include "attention/guarded.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

constexpr std::size_t kTile = 2;

// The states, and before them what their quotients have in common.
template <class World, class A>
void show_equal(World& world, const A& k, const attention::State<A>& guarded,
                const attention::State<A>& plain, const Keys<World>& visible, const std::string& note) {
  world.lemma("same m" + note, weight_of(k, guarded.m) == weight_of(k, plain.m));
  const auto shift = weight_of(k, attention::guarded_shift(k, guarded.m));
  for (const auto& weight : visible.weights) world.use(DivisorLaw{}, weight, weight_of(k, plain.m), shift);
  world.show("same l" + note, number_of(k, guarded.l) == number_of(k, plain.l));
  world.show("same o" + note, number_of(k, guarded.o[0]) == number_of(k, plain.o[0]));
}

template <class World, class A>
void show_mask(World& world, const A& k, unsigned mask, const Keys<World>& keys,
               const attention::State<A>& before) {
  std::vector<typename A::Score> scores;
  Keys<World> visible;
  for (std::size_t j = 0; j < kTile; ++j) {
    const bool seen = (mask >> j & 1U) != 0;
    scores.push_back(seen ? as_score(k, keys.weights[j]) : k.masked());
    if (!seen) continue;
    visible.weights.push_back(keys.weights[j]);
    visible.values.push_back(keys.values[j]);
  }
  const auto guarded = [&](auto state) {
    guarded_absorb(k, state, scores, values_of(keys, k));
    return state;
  };
  auto plain = before;
  absorb(k, plain, scores_of(visible, k), values_of(visible, k));
  show_equal(world, k, guarded(before), plain, visible, fmt::format(", mask {:02b} after a state", mask));
  const auto none = attention::empty_state(k, 1);
  const auto first = mask == 0 ? none : block_of(visible, k);
  show_equal(world, k, guarded(none), first, visible, fmt::format(", mask {:02b} first", mask));
  if (mask == 0)
    world.show("zero without a visible key", number_of(k, guarded_finalize(k, guarded(none))[0]) == 0);
}

template <class World, class A>
void show_outputs(World& world, const A& k, const attention::State<A>& state) {
  world.show("finalize's output where a key is visible",
             number_of(k, guarded_finalize(k, state)[0]) == number_of(k, finalize(k, state)[0]));
  auto unseen = state;
  unseen.m = k.masked();
  world.show("zero at the masked max, whatever the sums", number_of(k, guarded_finalize(k, unseen)[0]) == 0);
}

}  // namespace

prove::Theorem guarded_is_recurrence() {
  const auto statement = [](auto& world, const auto& k) {
    const auto keys = any_keys(world, kTile);
    const auto before = any_state(world, k, "a");
    for (unsigned mask = 0; mask < 1U << kTile; ++mask) show_mask(world, k, mask, keys, before);
    show_outputs(world, k, before);
  };
  return prove::about(
      "guarded.hpp: empty_state, guarded_absorb, guarded_finalize; online.hpp: absorb; recurrence.hpp: "
      "finalize",
      real_theorem("guarded-is-recurrence",
                   "Absorbing a tile of two keys, any of them masked, gives the state of absorbing the "
                   "visible ones, after any state and after none; the output is finalize's, or zero "
                   "without a visible key.",
                   statement, FaultTwin{semantics::ArithmeticFault::unguarded}));
}

}  // namespace attest::proofs
