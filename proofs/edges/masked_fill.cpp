// A masked key has weight zero, so a row's sums are those of its visible keys. A finite fill (-1e4, or -cap
// where softcap follows the mask) is a weight above zero: it counts next to visible keys that are as low.
#include "attention/guarded.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class A>
void show_masked(World& world, const A& k, const typename A::Score& fill) {
  const auto keys = any_keys(world, 2);
  auto state = attention::empty_state(k, 1);
  guarded_absorb(k, state, std::vector{as_score(k, keys.weights[0]), fill}, values_of(keys, k));
  const auto visible = keys.slice(0, 1);
  world.show("m * l = W", weight_sum(k, state) == visible.weight_sum());
  world.show("m * o = U", value_sum(k, state) == visible.value_sum());
}

}  // namespace

prove::Theorem masked_fill() {
  const auto statement = [](auto& world, const auto& k) { show_masked(world, k, k.masked()); };
  const auto finite = [](auto& world, const auto& k) {
    const auto fill = world.real("fill");
    world.assume(fill > 0);
    show_masked(world, k, as_score(k, fill));
  };
  return prove::about("guarded.hpp: empty_state, guarded_absorb",
                      real_theorem("masked-fill", "A masked key adds nothing to the sums of a row.",
                                   statement, OtherTwin{"a finite fill in place of -inf", finite}));
}

}  // namespace attest::proofs
