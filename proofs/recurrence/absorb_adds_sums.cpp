// The loop of FlashAttention: absorbing a tile at the new running max adds the tile's keys to the sums, just
// as merging with its block does. Tiles of one and two keys; longer ones by tile_loop.cpp.
#include <fmt/format.h>

#include "attention/online.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {

prove::Theorem absorb_adds_sums() {
  const auto statement = [](auto& world, const auto& k) {
    const auto a = any_state(world, k, "a");
    const auto keys = any_keys(world, 2);
    for (std::size_t n = 1; n <= 2; ++n) {
      const auto tile = keys.slice(0, n);
      auto state = a;
      absorb(k, state, scores_of(tile, k), values_of(tile, k));
      const auto m = weight_of(k, state.m);
      world.use(ShareLaw{}, m, weight_of(k, a.m), number_of(k, a.o[0]));
      for (std::size_t j = 0; j < n; ++j) world.use(ShareLaw{}, m, tile.weights[j], tile.values[j]);
      show_represents(world, k, state, weight_sum(k, a) + tile.weight_sum(),
                      value_sum(k, a) + tile.value_sum(), fmt::format(", tile of {}", n));
    }
  };
  return prove::about(
      "online.hpp: absorb",
      real_theorem("absorb-adds-sums",
                   "Absorbing a tile at the new running max adds the tile's keys to the sums of the state.",
                   statement, FaultTwin{semantics::ArithmeticFault::numerator_not_rescaled}));
}

}  // namespace attest::proofs
