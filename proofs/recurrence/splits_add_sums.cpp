// Splits without a common key, merged, represent the union of their keys. Where two splits overlap, the key
// in both is counted twice, and they do not.
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class A>
void show_splits(World& world, const A& k, bool overlap) {
  const auto a = any_state(world, k, "a");
  const auto b = any_state(world, k, "b");
  const auto key = any_keys(world, 1);
  const auto middle = block_of(key, k);
  const auto left = merge(k, a, middle);
  const auto right = overlap ? merge(k, middle, b) : b;
  world.lemma("W of the left split", weight_sum(k, left) == weight_sum(k, a) + key.weight_sum());
  world.lemma("U of the left split", value_sum(k, left) == value_sum(k, a) + key.value_sum());
  const auto whole = merge(k, left, right);
  for (const auto* part : {&left, &right}) {
    world.use(ShareLaw{}, weight_of(k, whole.m), weight_of(k, part->m), number_of(k, part->l));
    world.use(ShareLaw{}, weight_of(k, whole.m), weight_of(k, part->m), number_of(k, part->o[0]));
  }
  world.show("m * l = W", weight_sum(k, whole) == weight_sum(k, a) + key.weight_sum() + weight_sum(k, b));
  world.show("m * o = U", value_sum(k, whole) == value_sum(k, a) + key.value_sum() + value_sum(k, b));
}

}  // namespace

prove::Theorem splits_add_sums() {
  const auto statement = [](auto& world, const auto& k) { show_splits(world, k, false); };
  const auto overlapping = [](auto& world, const auto& k) { show_splits(world, k, true); };
  return prove::about(
      "recurrence.hpp: block, merge",
      real_theorem("splits-add-sums",
                   "Two splits that share no key, merged, represent the union of their keys, each once.",
                   statement, OtherTwin{"a key in two splits", overlapping}));
}

}  // namespace attest::proofs
