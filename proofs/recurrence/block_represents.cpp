// The state of a tile represents its keys.
//
// Tiles of 1 to 4 keys; the loop over longer ones is tile_loop.cpp.
#include <fmt/format.h>

#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {

prove::Theorem block_represents() {
  const auto statement = [](auto& world, const auto& k) {
    const auto keys = any_keys(world, 4);
    for (std::size_t n = 1; n <= keys.size(); ++n) {
      const auto tile = keys.slice(0, n);
      const auto state = block_of(tile, k);
      for (std::size_t j = 0; j < n; ++j)
        world.use(ShareLaw{}, weight_of(k, state.m), tile.weights[j], tile.values[j]);
      show_represents(world, k, state, tile.weight_sum(), tile.value_sum(), fmt::format(", tile of {}", n));
    }
  };
  return prove::about(
      "recurrence.hpp: block",
      real_theorem("block-represents",
                   "The state of a tile represents the tile's keys: m * l and m * o are the sums of their "
                   "weights and of their weighted values.",
                   statement, FaultTwin{semantics::ArithmeticFault::difference_reversed}));
}

}  // namespace attest::proofs
