// Decoding is prefill: the row decoded after t appends represents keys 0..t, as causal row t of a prefill
// does, and leaves a cache of keys 0..t.
//
// For 0 to 2 keys in the cache, against the prefill of the whole by tiles of two; the loop over more keys is
// steps (second goal), each of which adds one key to any state (step-is-merge, merge-adds-sums). Chunks of
// rows likewise: chunk_is_prefill.cpp.
#include <numeric>

#include <fmt/format.h>

#include "attention/causal.hpp"
#include "attention/decode.hpp"
#include "support/known.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

constexpr std::size_t kPast = 2;

// The state of a row decoded over a cache of `past` keys; `held` is how many of them there really are.
template <class World, class A>
attention::State<A> decoded(const Keys<World>& keys, const A& k, std::size_t past,
                            std::vector<std::size_t> cached,
                            attention::Cache<A, std::size_t>* after = nullptr) {
  const auto scores = scores_of(keys, k);
  const auto values = values_of(keys, k);
  attention::Cache<A, std::size_t> cache;
  for (const std::size_t j : cached) {
    cache.keys.push_back(j);
    cache.values.push_back(values[j]);
  }
  const auto score = [&](std::size_t, std::size_t j) { return scores[j]; };
  auto state = decode(k, cache, past, past, values[past], score);
  if (after != nullptr) *after = cache;
  return state;
}

template <class World, class A>
void show_row(World& world, const A& k, const Keys<World>& keys, std::size_t past, bool own_key_cached) {
  std::vector<std::size_t> held(past + 1);
  std::iota(held.begin(), held.end(), std::size_t{0});
  const std::vector cached(held.begin(), held.end() - (own_key_cached ? 0 : 1));
  const std::string note = fmt::format(", row {}", past);
  const auto row = keys.slice(0, past + 1);
  attention::Cache<A, std::size_t> after;
  const auto state = decoded(keys, k, past, cached, &after);
  // Step by step: sums of the state after each key.
  auto sums = keys.slice(past, past + 1);
  auto step_state = decoded(keys, k, past, {});
  for (const std::size_t j : cached) {
    auto next = step_state;
    step(k, next, as_score(k, keys.weights[j]), values_of(keys, k)[j]);
    const auto m = weight_of(k, next.m);
    world.use(ShareLaw{}, m, weight_of(k, step_state.m), number_of(k, step_state.l));
    world.use(ShareLaw{}, m, weight_of(k, step_state.m), number_of(k, step_state.o[0]));
    world.use(ShareLaw{}, m, keys.weights[j], number_of(k, k.one()));
    world.use(ShareLaw{}, m, keys.weights[j], keys.values[j]);
    sums.weights.push_back(keys.weights[j]);
    sums.values.push_back(keys.values[j]);
    if (own_key_cached) break;  // the twin's sums are not those of the row
    world.lemma(fmt::format("W after key {}{}", j, note), weight_sum(k, next) == sums.weight_sum());
    world.lemma(fmt::format("U after key {}{}", j, note), value_sum(k, next) == sums.value_sum());
    step_state = next;
  }
  if (!own_key_cached) show_same(world, k, state, step_state, ", by steps" + note);
  world.show("m * l = W, decoded" + note, weight_sum(k, state) == row.weight_sum());
  world.show("m * o = U, decoded" + note, value_sum(k, state) == row.value_sum());
  if (!own_key_cached)
    world.show("the cache then holds the keys that were read" + note,
               known(after.keys == held && after.values.size() == held.size(), keys.weights[0]));
  const auto zero = row.weights[0] - row.weights[0];
  for (std::size_t j = 0; j <= past; ++j)
    world.show(fmt::format("the cache then holds key {}{}", j, note),
               number_of(k, after.values[j][0]) - row.values[j] == zero);
}

template <class World, class A>
void show_prefill(World& world, const A& k, const Keys<World>& keys) {
  const auto scores = scores_of(keys, k);
  const auto values = values_of(keys, k);
  std::size_t read = 0;
  const auto score = [&](std::size_t, std::size_t j) {
    ++read;
    return scores.at(j);
  };
  const auto states =
      prefill(k, kPast + 1, attention::CausalMask{}, attention::tiled(kPast + 1, 2), score, values);
  world.show("a score is read once for each visible pair", known(read == 6, keys.weights[0]));
  for (std::size_t i = 0; i <= kPast; ++i) {
    const auto row = keys.slice(0, i + 1);
    const auto& state = *states[i];
    const auto m = weight_of(k, state.m);
    const auto tile = block_of(keys.slice(0, std::min<std::size_t>(i + 1, 2)), k);
    for (std::size_t j = 0; j <= i; ++j) {
      world.use(ShareLaw{}, weight_of(k, tile.m), keys.weights[j], number_of(k, k.one()));
      world.use(ShareLaw{}, weight_of(k, tile.m), keys.weights[j], keys.values[j]);
      world.use(ShareLaw{}, m, keys.weights[j], number_of(k, k.one()));
      world.use(ShareLaw{}, m, keys.weights[j], keys.values[j]);
    }
    if (i >= 2) {
      const auto first = keys.slice(0, 2);
      world.lemma(fmt::format("W of the first tile, row {}", i), weight_sum(k, tile) == first.weight_sum());
      world.lemma(fmt::format("U of the first tile, row {}", i), value_sum(k, tile) == first.value_sum());
      world.use(ShareLaw{}, m, weight_of(k, tile.m), number_of(k, tile.l));
      world.use(ShareLaw{}, m, weight_of(k, tile.m), number_of(k, tile.o[0]));
    }
    world.show(fmt::format("m * l = W, prefilled, row {}", i), weight_sum(k, state) == row.weight_sum());
    world.show(fmt::format("m * o = U, prefilled, row {}", i), value_sum(k, state) == row.value_sum());
  }
  // A row beyond the last key sees all keys.
  read = 0;
  const auto beyond =
      prefill(k, 1, attention::CausalMask{kPast + 1}, attention::tiled(kPast + 1, 2), score, values);
  world.show("a score is read once for each key before a row beyond them",
             known(read == kPast + 1, keys.weights[0]));
  show_same(world, k, *beyond[0], *states[kPast], ", beyond the keys");
}

}  // namespace

prove::Theorem decode_is_prefill() {
  const auto statement = [](auto& world, const auto& k) {
    const auto keys = any_keys(world, kPast + 1);
    for (std::size_t past = 0; past <= kPast; ++past) show_row(world, k, keys, past, false);
    show_prefill(world, k, keys);
  };
  const auto appended_first = [](auto& world, const auto& k) {
    show_row(world, k, any_keys(world, 1), 0, true);
  };
  return prove::about(
      "decode.hpp: decode; causal.hpp: prefill",
      real_theorem("decode-is-prefill",
                   "A row decoded against a cache of keys 0..t-1 represents keys 0..t, as row t of a prefill "
                   "does, and leaves a cache of keys 0..t.",
                   statement, OtherTwin{"the own key in the cache before the loop", appended_first}));
}

}  // namespace attest::proofs
