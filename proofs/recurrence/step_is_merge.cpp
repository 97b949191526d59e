// Reading one key as an RNN does is merging with the tile of that key alone.
#include "attention/online.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {

prove::Theorem step_is_merge() {
  const auto statement = [](auto& world, const auto& k) {
    const auto a = any_state(world, k, "a");
    const auto key = any_keys(world, 1);
    auto stepped = a;
    step(k, stepped, as_score(k, key.weights[0]), values_of(key, k)[0]);
    show_same(world, k, stepped, merge(k, a, block_of(key, k)));
  };
  const auto shift_stays = [](auto& world, const auto& k) {
    const auto a = any_state(world, k, "a");
    const auto key = any_keys(world, 1);
    auto stepped = a;
    accumulate(k, stepped, stepped.m, scores_of(key, k), values_of(key, k));
    show_same(world, k, stepped, merge(k, a, block_of(key, k)));
  };
  return prove::about("recurrence.hpp: step, merge, block",
                      real_theorem("step-is-merge", "An RNN step is the merge with the tile of one key.",
                                   statement, OtherTwin{"the running max not updated", shift_stays}));
}

}  // namespace attest::proofs
