// Loops go on as they begin: decoding over five cached keys steps over each of them, a row of a chunk of four
// merges the tiles of the past with its own part of the chunk, and the gradient of each of four keys is
// P (dP - rowsum(dO O)).
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

// Each row has scores of its own.
template <class World, class A>
void show_chunk(World& world, const A& k, const Keys<World>& keys) {
  std::vector<Keys<World>> rows(kChunk, keys);
  for (std::size_t i = 1; i < kChunk; ++i)
    rows[i].weights = any_keys(world, kPast + kChunk, fmt::format("_row{}", i)).weights;
  const auto values = values_of(keys, k);
  auto cache = cache_of(keys, k, kPast);
  std::vector<std::size_t> tokens;
  std::vector<std::vector<typename A::Acc>> own;
  for (std::size_t i = kPast; i < kPast + kChunk; ++i) {
    tokens.push_back(i);
    own.push_back(values[i]);
  }
  const auto states = prefill_chunk(k, cache, tokens, tokens, own, kTile, [&](std::size_t i, std::size_t j) {
    return as_score(k, rows[i - kPast].weights[j]);
  });
  for (std::size_t i = 0; i < kChunk; ++i) {
    auto past = block_of(rows[i].slice(0, kTile), k);
    for (std::size_t j = kTile; j < kPast; j += kTile)
      past = merge(k, past, block_of(rows[i].slice(j, std::min(j + kTile, kPast)), k));
    const auto part = block_of(rows[i].slice(kPast, kPast + i + 1), k);
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
  const auto scalar = [&](const auto& x, const auto& y) {
    auto sum = number_of(k, x[0]) * number_of(k, y[0]);
    for (std::size_t c = 1; c < 3; ++c) sum = sum + number_of(k, x[c]) * number_of(k, y[c]);
    return sum;
  };
  for (std::size_t j = 0; j < kChunk; ++j)
    world.show(fmt::format("gradient of key {}", j),
               number_of(k, gradients[j]) ==
                   number_of(k, probabilities[j]) * (scalar(upstream, values[j]) - scalar(upstream, output)));
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
      real_theorem(
          "long-loops",
          "Decoding steps over each of five cached keys, each row of a chunk of four merges tiles "
          "of the past with its own part, and the gradient of each of four keys is P (dP - rowsum(dO O)).",
          statement, OtherTwin{"the fourth cached key skipped", skipping}));
}

}  // namespace attest::proofs
