// Merging commutes: the order of two states does not matter, component by component.
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {

prove::Theorem merge_commutes() {
  const auto statement = [](auto& world, const auto& k) {
    const auto a = any_state(world, k, "a");
    const auto b = any_state(world, k, "b");
    show_same(world, k, merge(k, a, b), merge(k, b, a));
  };
  return prove::about(
      "recurrence.hpp: merge",
      real_theorem("merge-commutes", "Merging two states in either order gives the same state.", statement,
                   FaultTwin{semantics::ArithmeticFault::max_keeps_first}));
}

}  // namespace attest::proofs
