// A split without visible keys, stored as a finished row, must not count when rows are merged: its lse is
// -inf and its output may be anything finite. With an lse of 0 it counts as one key of score 0 and its
// output.
#include "attention/guarded.hpp"
#include "attention/lse.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class A>
void show_merged(World& world, const A& k, const typename A::Score& lse) {
  const auto a = any_state(world, k, "a");
  const attention::Row<A> empty{lse, {as_numerator(k, world.real("left_over"))}};
  auto merged = a;
  guarded_merge_into(k, merged, to_state(k, empty));
  show_represents(world, k, merged, weight_sum(k, a), value_sum(k, a));
}

}  // namespace

prove::Theorem empty_split() {
  const auto statement = [](auto& world, const auto& k) { show_merged(world, k, k.masked()); };
  const auto zero = [](auto& world, const auto& k) { show_merged(world, k, k.origin()); };
  return prove::about(
      "lse.hpp: to_state; guarded.hpp: guarded_merge_into",
      real_theorem("empty-split",
                   "A finished row of no keys (lse -inf, any output) changes nothing that it is merged with.",
                   statement, OtherTwin{"the lse of an empty split stored as 0", zero}));
}

}  // namespace attest::proofs
