// Lazy rescaling (FlashAttention-4): while the shift lags behind the running max by no more than tau, the
// sums are those of the eager form. The denominator is then at least e^-tau... times a weight of the shift.
#include "attention/lazy.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {

prove::Theorem lazy_adds_sums() {
  const auto statement = [](auto& world, const auto& k) {
    const auto a = any_state(world, k, "a");
    const auto key = any_keys(world, 1);
    const auto tau = world.real("tau");  // e^tau
    world.assume(tau >= 1);
    auto state = a;
    lazy_absorb(k, state, scores_of(key, k), values_of(key, k), as_score(k, tau));
    show_represents(world, k, state, weight_sum(k, a) + key.weight_sum(), value_sum(k, a) + key.value_sum());
    world.show("the new weight is at most e^tau", key.weights[0] <= tau * weight_of(k, state.m));
  };
  return prove::about(
      "lazy.hpp: lazy_absorb",
      real_theorem(
          "lazy-adds-sums",
          "A key absorbed at a shift that lags behind the running max by up to tau adds to the sums as "
          "any other, and its weight is at most e^tau.",
          statement, FaultTwin{semantics::ArithmeticFault::denominator_not_rescaled}));
}

}  // namespace attest::proofs
