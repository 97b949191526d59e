// The numerator is divided once, at the end: a step on finished sums (o / l in place of o) mixes a mean with
// sums. So the output after one more key is the mean over all keys.
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class A>
void show_output(World& world, const A& k, bool divided_before) {
  const auto a = any_state(world, k, "a");
  const auto key = any_keys(world, 1);
  auto state = a;
  if (divided_before) state.o = finalize(k, state);
  step(k, state, as_score(k, key.weights[0]), values_of(key, k)[0]);
  const auto W = weight_sum(k, a) + key.weight_sum();
  const auto U = value_sum(k, a) + key.value_sum();
  const auto m = weight_of(k, state.m);
  if (!divided_before) {
    world.use(ShareLaw{}, m, weight_of(k, a.m), number_of(k, a.l));
    world.use(ShareLaw{}, m, weight_of(k, a.m), number_of(k, a.o[0]));
    world.use(ShareLaw{}, m, key.weights[0], number_of(k, k.one()));
    world.use(ShareLaw{}, m, key.weights[0], key.values[0]);
    world.lemma("m * l = W", weight_sum(k, state) == W);
    world.lemma("m * o = U", value_sum(k, state) == U);
    world.use(QuotientLaw{}, number_of(k, state.o[0]), number_of(k, state.l));
  }
  world.show("output * W = U", number_of(k, finalize(k, state)[0]) * W == U);
}

}  // namespace

prove::Theorem divide_once() {
  const auto statement = [](auto& world, const auto& k) { show_output(world, k, false); };
  const auto in_the_loop = [](auto& world, const auto& k) { show_output(world, k, true); };
  return prove::about(
      "recurrence.hpp: step, finalize",
      real_theorem("divide-once", "After one more key, the output is the mean over all keys so far.",
                   statement, OtherTwin{"divided by l inside the loop", in_the_loop}));
}

}  // namespace attest::proofs
