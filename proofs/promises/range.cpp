// The output lies within the least and greatest of the visible values: lo * l <= o <= hi * l is an invariant.
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class A>
auto within(World&, const A& k, const typename World::Number& lo, const typename World::Number& hi,
            const attention::State<A>& state) {
  const auto l = number_of(k, state.l);
  const auto o = number_of(k, state.o[0]);
  return lo * l <= o && o <= hi * l;
}

}  // namespace

prove::Theorem range() {
  const auto statement = [](auto& world, const auto& k) {
    const auto lo = world.real("lo");
    const auto hi = world.real("hi");
    const auto key = any_keys(world, 1);
    world.assume(lo <= key.values[0] && key.values[0] <= hi);
    world.show("block", within(world, k, lo, hi, block_of(key, k)));
    const auto a = any_state(world, k, "a");
    const auto b = any_state(world, k, "b");
    world.assume(within(world, k, lo, hi, a) && within(world, k, lo, hi, b));
    world.show("merge", within(world, k, lo, hi, merge(k, a, b)));
    auto stepped = a;
    step(k, stepped, as_score(k, key.weights[0]), values_of(key, k)[0]);
    world.show("step", within(world, k, lo, hi, stepped));
    const auto output = number_of(k, finalize(k, a)[0]);
    world.show("output", lo <= output && output <= hi);
  };
  return prove::about(
      "recurrence.hpp: block, step, merge, finalize",
      real_theorem(
          "range",
          "The output lies between the least and the greatest visible value: lo * l <= o <= hi * l is "
          "kept by block, step and merge.",
          statement, FaultTwin{semantics::ArithmeticFault::numerator_not_rescaled}));
}

}  // namespace attest::proofs
