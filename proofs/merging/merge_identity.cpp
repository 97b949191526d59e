// The state of no keys is the identity of the guarded merge, on either side and with itself.
#include "attention/guarded.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {

prove::Theorem merge_identity() {
  const auto statement = [](auto& world, const auto& k) {
    const auto a = any_state(world, k, "a");
    const auto none = attention::empty_state(k, 1);
    const auto merged = [&](auto into, const auto& from) {
      guarded_merge_into(k, into, from);
      return into;
    };
    show_same(world, k, merged(a, none), a, ", on the right");
    show_same(world, k, merged(none, a), a, ", on the left");
    show_same(world, k, merged(none, none), none, ", with itself");
  };
  return prove::about(
      "guarded.hpp: empty_state, guarded_merge_into",
      real_theorem("merge-identity",
                   "The state of no keys is the identity of the guarded merge, and merges with itself.",
                   statement, FaultTwin{semantics::ArithmeticFault::masked_like_score_zero}));
}

}  // namespace attest::proofs
