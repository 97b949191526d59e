// Masked keys have no effect: two runs over a tile whose visible keys agree end in the same state, whatever
// the values of the masked keys are; any keys of the tile, all included, may be masked.
#include <fmt/format.h>

#include "attention/guarded.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

// A state of some keys, or of none.
template <class World, class A>
attention::State<A> any_or_no_state(World& world, const A& k) {
  const auto some = any_state(world, k, "a");
  const auto nothing = world.truth("nothing_before");
  const auto none = attention::empty_state(k, 1);
  return {as_score(k, choose(nothing, weight_of(k, none.m), weight_of(k, some.m))),
          as_acc(k, choose(nothing, number_of(k, none.l), number_of(k, some.l))),
          {as_numerator(k, choose(nothing, number_of(k, none.o[0]), number_of(k, some.o[0])))}};
}

// Both runs over the first n keys, and why they agree: each key's own term does.
template <class World, class A>
void show_tile(World& world, const A& k, const attention::State<A>& before,
               const std::vector<typename A::Score>& scores, const Keys<World>& keys,
               const Keys<World>& other) {
  const std::string note = fmt::format(", tile of {}", scores.size());
  auto state = before;
  guarded_absorb(k, state, scores, values_of(keys, k));
  auto state_of_other = before;
  guarded_absorb(k, state_of_other, scores, values_of(other, k));
  const auto shift = attention::guarded_shift(k, state.m);
  for (std::size_t j = 0; j < scores.size(); ++j) {
    const auto p = number_of(k, k.probability(k.exp(k.sub(scores[j], shift))));
    world.lemma(fmt::format("key {}{}", j, note), p * keys.values[j] == p * other.values[j]);
  }
  show_same(world, k, state, state_of_other, note);
}

}  // namespace

prove::Theorem masked_keys() {
  const auto statement = [](auto& world, const auto& k) {
    using A = std::decay_t<decltype(k)>;
    const auto before = any_or_no_state(world, k);
    const auto keys = any_keys(world, 4);
    std::vector<typename A::Score> scores;
    auto other = keys;
    for (std::size_t j = 0; j < keys.size(); ++j) {
      const auto visible = world.truth(fmt::format("visible{}", j));
      scores.push_back(as_score(k, choose(visible, keys.weights[j], weight_of(k, k.masked()))));
      other.values[j] = choose(visible, keys.values[j], world.real(fmt::format("u{}", j)));
      show_tile(world, k, before, scores, keys, other);
    }
  };
  return prove::about(
      "guarded.hpp: empty_state, guarded_absorb",
      real_theorem(
          "masked-keys",
          "Two runs whose visible keys agree end in the same state, whatever the masked keys' values; "
          "any keys may be masked, all included.",
          statement, FaultTwin{semantics::ArithmeticFault::masked_like_score_zero}));
}

}  // namespace attest::proofs
