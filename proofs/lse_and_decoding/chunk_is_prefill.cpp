// Chunked prefill is prefill: each row of a chunk of two, after a cache of two keys or none, represents the
// keys up to its own, whatever the tile size; and the cache then holds the chunk. A chunk that follows
// another meets a cache of its keys, so any cut into chunks gives the same rows (by induction over chunks).
#include <numeric>

#include <fmt/format.h>

#include "attention/decode.hpp"
#include "support/known.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

constexpr std::size_t kChunk = 2;

template <class World, class A>
std::vector<attention::State<A>> chunk(const Keys<World>& keys, const A& k, std::size_t past,
                                       std::size_t tile, std::size_t shown_past,
                                       std::vector<std::size_t>* held = nullptr) {
  const auto scores = scores_of(keys, k);
  const auto values = values_of(keys, k);
  attention::Cache<A, std::size_t> cache;
  for (std::size_t j = past - shown_past; j < past; ++j) {
    cache.keys.push_back(j);
    cache.values.push_back(values[j]);
  }
  std::vector<std::size_t> tokens;
  std::vector<std::vector<typename A::Acc>> own_values;
  for (std::size_t i = 0; i < kChunk; ++i) {
    tokens.push_back(past + i);
    own_values.push_back(values[past + i]);
  }
  auto states = prefill_chunk(k, cache, tokens, tokens, own_values, tile,
                              [&](std::size_t, std::size_t j) { return scores[j]; });
  if (held != nullptr) *held = cache.keys;
  return states;
}

// The shares of the keys in a state, or of the parts that it was merged from.
template <class World, class A>
void use_key_shares(World& world, const A& k, const attention::State<A>& state, const Keys<World>& keys) {
  for (std::size_t j = 0; j < keys.size(); ++j) {
    world.use(ShareLaw{}, weight_of(k, state.m), keys.weights[j], number_of(k, k.one()));
    world.use(ShareLaw{}, weight_of(k, state.m), keys.weights[j], keys.values[j]);
  }
}
template <class World, class A>
void use_state_shares(World& world, const A& k, const attention::State<A>& state,
                      const attention::State<A>& part) {
  world.use(ShareLaw{}, weight_of(k, state.m), weight_of(k, part.m), number_of(k, part.l));
  world.use(ShareLaw{}, weight_of(k, state.m), weight_of(k, part.m), number_of(k, part.o[0]));
}

// A tile that represents its keys, as a lemma.
template <class World, class A>
attention::State<A> known_tile(World& world, const A& k, const Keys<World>& keys, const std::string& name) {
  const auto tile = block_of(keys, k);
  use_key_shares(world, k, tile, keys);
  world.lemma("W of " + name, weight_sum(k, tile) == keys.weight_sum());
  world.lemma("U of " + name, value_sum(k, tile) == keys.value_sum());
  return tile;
}

template <class World, class A>
void show_chunk(World& world, const A& k, const Keys<World>& keys, std::size_t past, std::size_t tile) {
  std::vector<std::size_t> held;
  const auto states = chunk(keys, k, past, tile, past, &held);
  std::vector<std::size_t> all(past + kChunk);
  std::iota(all.begin(), all.end(), std::size_t{0});
  world.show(fmt::format("the cache then holds the chunk, after {}, tiles of {}", past, tile),
             known(held == all, keys.weights[0]));
  for (std::size_t i = 0; i < kChunk; ++i) {
    const std::string note = fmt::format(", row {} after {}, tiles of {}", i, past, tile);
    const auto own = known_tile(world, k, keys.slice(past, past + i + 1), "the chunk's part" + note);
    if (past > 0) {
      auto before = known_tile(world, k, keys.slice(0, std::min(tile, past)), "the first tile" + note);
      if (tile < past) {
        const auto second = known_tile(world, k, keys.slice(tile, past), "the second tile" + note);
        const auto both = merge(k, before, second);
        use_state_shares(world, k, both, before);
        use_state_shares(world, k, both, second);
        world.lemma("W of the past" + note, weight_sum(k, both) == keys.slice(0, past).weight_sum());
        world.lemma("U of the past" + note, value_sum(k, both) == keys.slice(0, past).value_sum());
        before = both;
      }
      use_state_shares(world, k, states[i], before);
      use_state_shares(world, k, states[i], own);
    }
    const auto row = keys.slice(0, past + i + 1);
    world.show("m * l = W" + note, weight_sum(k, states[i]) == row.weight_sum());
    world.show("m * o = U" + note, value_sum(k, states[i]) == row.value_sum());
  }
}

}  // namespace

prove::Theorem chunk_is_prefill() {
  const auto statement = [](auto& world, const auto& k) {
    const auto keys = any_keys(world, 4);
    show_chunk(world, k, keys, 0, 1);
    show_chunk(world, k, keys, 2, 1);
    show_chunk(world, k, keys, 2, 2);
  };
  const auto stale = [](auto& world, const auto& k) {
    const auto keys = any_keys(world, 3);
    const auto states = chunk(keys, k, 1, 1, 0);
    world.show("m * l = W", weight_sum(k, states[0]) == keys.slice(0, 2).weight_sum());
  };
  return prove::about(
      "decode.hpp: prefill_chunk",
      real_theorem(
          "chunk-is-prefill",
          "A chunk of rows, each merged from the past in tiles and its part of the chunk, represents "
          "for every row the keys up to its own, and leaves a cache that holds the chunk.",
          statement, OtherTwin{"the last token before the chunk not cached", stale}));
}

}  // namespace attest::proofs
