// A tile of any size is a loop: block, absorb and their lazy and guarded variants find the tile's max,
// rescale what they hold to a shift, and then accumulate one key after another. Shown for tiles of 1 to 7
// keys (lazy and guarded: 4); the loops do not look at the count. The lazy shift is the running max once that
// exceeds it by more than tau, and else stays.
#include <fmt/format.h>

#include "attention/guarded.hpp"
#include "attention/lazy.hpp"
#include "attention/online.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

// Keys 1, 2, ... added to the sums of key 0, one call each.
template <class World, class A>
void one_by_one(const Keys<World>& keys, const A& k, std::size_t first, attention::State<A>& state) {
  for (std::size_t j = first; j < keys.size(); ++j) {
    const auto key = keys.slice(j, j + 1);
    accumulate(k, state, state.m, scores_of(key, k), values_of(key, k));
  }
}

template <class A>
typename A::Score max_of(const A& k, typename A::Score m, const std::vector<typename A::Score>& scores) {
  for (const auto& score : scores) m = k.max(m, score);
  return m;
}

}  // namespace

prove::Theorem tile_is_loop() {
  const auto statement = [](auto& world, const auto& k) {
    using A = std::decay_t<decltype(k)>;
    const auto keys = any_keys(world, 7);
    const auto before = any_state(world, k, "a");
    const auto tau = world.real("tau");  // e^tau
    world.assume(tau >= 1);
    for (std::size_t n = 1; n <= keys.size(); ++n) {
      const auto tile = keys.slice(0, n);
      const auto scores = scores_of(tile, k);
      const auto m = max_of(k, scores[0], scores_of(tile.slice(1, n), k));
      const auto weight = k.exp(k.sub(scores[0], m));
      attention::State<A> looped{m, weight, {k.mul(k.probability(weight), values_of(tile, k)[0][0])}};
      one_by_one(tile, k, 1, looped);
      show_same(world, k, block_of(tile, k), looped, fmt::format(", block of {}", n));

      auto absorbed = before;
      absorb(k, absorbed, scores, values_of(tile, k));
      auto rescaled = before;
      rescaled.m = max_of(k, before.m, scores);
      rescale(k, rescaled, k.exp(k.sub(before.m, rescaled.m)));
      one_by_one(tile, k, 0, rescaled);
      show_same(world, k, absorbed, rescaled, fmt::format(", absorb {}", n));
      if (n > 4) continue;

      auto lazily = before;
      lazy_absorb(k, lazily, scores, values_of(tile, k), as_score(k, tau));
      auto at_its_shift = before;
      at_its_shift.m = lazily.m;
      rescale(k, at_its_shift, k.exp(k.sub(before.m, lazily.m)));
      one_by_one(tile, k, 0, at_its_shift);
      show_same(world, k, lazily, at_its_shift, fmt::format(", lazy {}", n));
      const auto held = weight_of(k, before.m);
      const auto largest = weight_of(k, rescaled.m);
      world.show(fmt::format("the shift follows once it lags, lazy {}", n),
                 weight_of(k, lazily.m) == choose(tau * held < largest, largest, held));

      auto guarded = before;
      guarded_absorb(k, guarded, scores, values_of(tile, k));
      show_same(world, k, guarded, rescaled, fmt::format(", guarded {}", n));
    }
  };
  const auto overlapping = [](auto& world, const auto& k) {
    const auto keys = any_keys(world, 3);
    auto looped = block_of(keys.slice(0, 2), k);
    looped.m = max_of(k, looped.m, scores_of(keys.slice(2, 3), k));
    one_by_one(keys, k, 2, looped);
    show_same(world, k, block_of(keys, k), looped, ", block of 3");
  };
  return prove::about(
      "online.hpp: accumulate, absorb, rescale; lazy.hpp: lazy_absorb; guarded.hpp: guarded_absorb",
      real_theorem("tile-is-loop",
                   "Block and absorb, lazy and guarded too, are the loop of tile-loop: a shift first, then "
                   "one key after another at that shift.",
                   statement, OtherTwin{"the max grows in mid-tile, the sums stay", overlapping}));
}

}  // namespace attest::proofs
