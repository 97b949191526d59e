// A max and the sums determine a state: what merge-associates shows of its two sides makes them equal.
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class World, class A>
void show_equal(World& world, const A& k, const attention::State<A>& a, const attention::State<A>& b) {
  world.assume(weight_sum(k, a) == weight_sum(k, b) && value_sum(k, a) == value_sum(k, b));
  world.use(CancelLaw{}, weight_of(k, a.m), number_of(k, a.l), number_of(k, b.l));
  world.use(CancelLaw{}, weight_of(k, a.m), number_of(k, a.o[0]), number_of(k, b.o[0]));
  show_same(world, k, a, b);
}

}  // namespace

prove::Theorem state_determined() {
  const auto statement = [](auto& world, const auto& k) {
    const auto a = any_state(world, k, "a");
    auto b = any_state(world, k, "b");
    b.m = a.m;
    show_equal(world, k, a, b);
  };
  const auto any_max = [](auto& world, const auto& k) {
    const auto a = any_state(world, k, "a");
    show_equal(world, k, a, any_state(world, k, "b"));
  };
  return prove::about(
      "recurrence.hpp: State",
      real_theorem("state-determined", "States with the same max that represent the same sums are equal.",
                   statement, OtherTwin{"maxima that differ", any_max}));
}

}  // namespace attest::proofs
