// Loops go on as they begin: decoding over five cached keys steps over each of them, a row of a chunk of four
// merges the tiles of the past with its own part of the chunk, and every key's gradient is what that key
// alone gives.
#include <fmt/format.h>

#include "attention/backward.hpp"
#include "attention/decode.hpp"
#include "support/any_tokens.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

constexpr std::size_t kPast = 5;
constexpr std::size_t kChunk = 4;
constexpr std::size_t kTile = 2;

template <class World, class A>
attention::Cache<A, std::size_t> cache_of(const Keys<World>& keys, const A& k, std::size_t past) {
  attention::Cache<A, std::size_t> cache;
  for (std::size_t j = 0; j < past; ++j) {
    cache.keys.push_back(j);
    cache.values.push_back(values_of(keys, k)[j]);
  }
  return cache;
}

template <class World, class A>
void show_decode(World& world, const A& k, const Keys<World>& keys, std::size_t skipped = kPast) {
  const auto scores = scores_of(keys, k);
  const auto values = values_of(keys, k);
  auto cache = cache_of(keys, k, kPast);
  const auto state =
      decode(k, cache, kPast, kPast, values[kPast], [&](std::size_t, std::size_t j) { return scores[j]; });
  auto stepped = block_of(keys.slice(kPast, kPast + 1), k);
  for (std::size_t j = 0; j < kPast; ++j)
    if (j != skipped) step(k, stepped, scores[j], values[j]);
  show_same(world, k, state, stepped, ", decoded");
}

template <class World, class A>
void show_chunk(World& world, const A& k, const Keys<World>& keys) {
  const auto scores = scores_of(keys, k);
  const auto values = values_of(keys, k);
  auto cache = cache_of(keys, k, kPast);
  std::vector<std::size_t> tokens;
  std::vector<std::vector<typename A::Acc>> own;
  for (std::size_t i = kPast; i < kPast + kChunk; ++i) {
    tokens.push_back(i);
    own.push_back(values[i]);
  }
  const auto states = prefill_chunk(k, cache, tokens, tokens, own, kTile,
                                    [&](std::size_t, std::size_t j) { return scores[j]; });
  auto past = block_of(keys.slice(0, kTile), k);
  for (std::size_t j = kTile; j < kPast; j += kTile)
    past = merge(k, past, block_of(keys.slice(j, std::min(j + kTile, kPast)), k));
  for (std::size_t i = 0; i < kChunk; ++i) {
    const auto part = block_of(keys.slice(kPast, kPast + i + 1), k);
    show_same(world, k, states[i], merge(k, past, part), fmt::format(", row {} of the chunk", i));
  }
}

template <class World, class A>
void show_gradients(World& world, const A& k) {
  const auto probabilities = any_numbers(world, k, "p", kChunk);
  const auto output = any_numbers(world, k, "out", 3);
  const auto upstream = any_numbers(world, k, "dout", 3);
  std::vector<std::vector<typename A::Acc>> values;
  for (std::size_t j = 0; j < kChunk; ++j) values.push_back(any_numbers(world, k, fmt::format("u{}_", j), 3));
  const auto gradients = attention::softmax_backward(k, probabilities, values, output, upstream);
  for (std::size_t j = 0; j < kChunk; ++j) {
    const std::vector<std::vector<typename A::Acc>> value{values[j]};
    const auto alone = attention::softmax_backward(k, {probabilities[j]}, value, output, upstream);
    world.show(fmt::format("gradient of key {}", j), number_of(k, gradients[j]) == number_of(k, alone[0]));
  }
}

}  // namespace

prove::Theorem long_loops() {
  const auto statement = [](auto& world, const auto& k) {
    const auto keys = any_keys(world, kPast + kChunk);
    show_decode(world, k, keys);
    show_chunk(world, k, keys);
    show_gradients(world, k);
  };
  const auto skipping = [](auto& world, const auto& k) {
    show_decode(world, k, any_keys(world, kPast + 1), 3);
  };
  return prove::about(
      "decode.hpp: decode, prefill_chunk; backward.hpp: softmax_backward; recurrence.hpp: block, merge, step",
      real_theorem("long-loops",
                   "Decoding steps over each of five cached keys, each row of a chunk of four merges tiles "
                   "of the past with its own part, and each of four keys has its own gradient.",
                   statement, OtherTwin{"the fourth cached key skipped", skipping}));
}

}  // namespace attest::proofs
