// Merging two states gives a state that represents the union of their keys: its sums of weights and of
// weighted values are the sums of theirs.
//
// With block_represents.cpp (the base) and finalize_is_mean.cpp this is the induction that the recurrence
// equals the definition: for every length, every bracketing, every split.
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {

prove::Theorem merge_adds_sums() {
  const auto statement = [](auto& world, const auto& k) {
    const auto a = any_state(world, k, "a");
    const auto b = any_state(world, k, "b");
    const auto both = merge(k, a, b);
    show_represents(world, k, both, weight_sum(k, a) + weight_sum(k, b), value_sum(k, a) + value_sum(k, b));
  };
  return prove::about(
      "recurrence.hpp: merge",
      real_theorem("merge-adds-sums",
                   "The merge of two states represents the union of their keys: the sums of weights and of "
                   "weighted values add up.",
                   statement, FaultTwin{semantics::ArithmeticFault::denominator_not_rescaled}));
}

}  // namespace attest::proofs
