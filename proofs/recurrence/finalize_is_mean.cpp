// The output of a state is the weighted mean of the values of its keys: U / W.
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {

prove::Theorem finalize_is_mean() {
  const auto statement = [](auto& world, const auto& k) {
    const auto a = any_state(world, k, "a");
    const auto output = finalize(k, a);
    world.show("W > 0", weight_sum(k, a) > 0);
    world.show("output * W = U", number_of(k, output[0]) * weight_sum(k, a) == value_sum(k, a));
  };
  return prove::about(
      "recurrence.hpp: finalize",
      real_theorem("finalize-is-mean",
                   "Finalize returns the weighted mean of the values: output * W = U, with W > 0.", statement,
                   FaultTwin{semantics::ArithmeticFault::not_divided}));
}

}  // namespace attest::proofs
