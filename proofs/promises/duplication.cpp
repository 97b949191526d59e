// Every key twice gives the same output, and an lse larger by ln 2 (in the exponential domain: W doubled).
// One key of many twice is something else.
#include "attention/recurrence.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class A>
void show_twice(World& world, const A& k, const attention::State<A>& once, const attention::State<A>& twice) {
  world.lemma("W doubles", weight_sum(k, twice) == 2 * weight_sum(k, once));
  world.lemma("U doubles", value_sum(k, twice) == 2 * value_sum(k, once));
  world.show("lse + ln 2", weight_of(k, k.lse(twice.m, twice.l)) == 2 * weight_of(k, k.lse(once.m, once.l)));
  world.show("same output", number_of(k, finalize(k, twice)[0]) == number_of(k, finalize(k, once)[0]));
}

}  // namespace

prove::Theorem duplication() {
  const auto statement = [](auto& world, const auto& k) {
    const auto a = any_state(world, k, "a");
    show_twice(world, k, a, merge(k, a, a));
  };
  const auto once_more = [](auto& world, const auto& k) {
    const auto a = any_state(world, k, "a");
    const auto key = any_keys(world, 1);
    const auto split = merge(k, a, block_of(key, k));
    show_twice(world, k, split, merge(k, split, block_of(key, k)));
  };
  return prove::about(
      "recurrence.hpp: merge, finalize",
      real_theorem("duplication", "Every key twice gives the same output and an lse larger by ln 2.",
                   statement, OtherTwin{"only one key twice", once_more}));
}

}  // namespace attest::proofs
