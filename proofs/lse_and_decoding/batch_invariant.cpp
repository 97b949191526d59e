// A row has the same bits in every batch of rows, whatever came before and comes after it in the batch, if
// its keys are cut into tiles by their absolute positions. What an operation rounds to is not known: the bits
// are equal because the operations are the same. Cut by positions in the batch, they are not.
#include <fmt/format.h>

#include "attention/causal.hpp"
#include "attention/decode.hpp"
#include "support/term_theorem.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

constexpr std::size_t kKeys = 6;
constexpr std::size_t kTile = 2;

template <class A>
struct Tokens {
  std::vector<std::vector<typename A::Score>> scores;  // [row][key], as if of a query and a key
  std::vector<std::vector<typename A::Acc>> values;
};

template <class World, class A>
Tokens<A> any_tokens(World& world, const A& k) {
  Tokens<A> tokens;
  for (std::size_t i = 0; i < kKeys; ++i) {
    tokens.scores.emplace_back();
    for (std::size_t j = 0; j < kKeys; ++j)
      tokens.scores[i].push_back(as_score(k, world.number(fmt::format("s{}_{}", i, j))));
    tokens.values.push_back(any_terms(world, k, fmt::format("v{}_", i), 2));
  }
  return tokens;
}

// Rows first .. last - 1, in one batch over the keys 0 .. length - 1.
template <class A>
using Batch = std::vector<attention::State<A>> (*)(const A&, const Tokens<A>&, std::size_t first,
                                                   std::size_t last, std::size_t length);

template <class A>
std::vector<attention::State<A>> by_position(const A& k, const Tokens<A>& tokens, std::size_t first,
                                             std::size_t last, std::size_t length) {
  const std::vector values(tokens.values.begin(),
                           tokens.values.begin() + static_cast<std::ptrdiff_t>(length));
  const auto score = [&](std::size_t i, std::size_t j) { return tokens.scores[first + i][j]; };
  std::vector<attention::State<A>> states;
  for (const auto& state :
       attention::prefill(k, last - first, attention::CausalMask{static_cast<std::ptrdiff_t>(first)},
                          attention::tiled(length, kTile), score, values))
    states.push_back(*state);
  return states;
}

// The keys of the batch are a tile of their own: its cut depends on where the batch begins.
template <class A>
std::vector<attention::State<A>> by_place_in_the_batch(const A& k, const Tokens<A>& tokens, std::size_t first,
                                                       std::size_t last, std::size_t) {
  attention::Cache<A, std::size_t> cache;
  std::vector<std::size_t> rows;
  std::vector<std::vector<typename A::Acc>> values;
  for (std::size_t j = 0; j < last; ++j) {
    (j < first ? cache.keys : rows).push_back(j);
    (j < first ? cache.values : values).push_back(tokens.values[j]);
  }
  return attention::prefill_chunk(k, cache, rows, rows, values, kTile,
                                  [&](std::size_t i, std::size_t j) { return tokens.scores[i][j]; });
}

template <class World, class A>
auto same_rows(const World& world, const A& k, const std::vector<attention::State<A>>& some,
               const std::vector<attention::State<A>>& all, std::size_t first) {
  auto equal = world.known(true);
  for (std::size_t i = 0; i < some.size(); ++i) {
    equal = equal && same_state(world, some[i], all[first + i]) &&
            all_same(world, finalize(k, some[i]), finalize(k, all[first + i]));
  }
  return equal;
}

// Every batch of consecutive rows, over its own keys and any number of later ones, against one batch of all.
template <class World, class A>
void show_rows(World& world, const A& k, Batch<A> batch) {
  const Tokens<A> tokens = any_tokens(world, k);
  const auto all = batch(k, tokens, 0, kKeys, kKeys);
  for (std::size_t last = 1; last <= kKeys; ++last) {
    for (std::size_t first = 0; first < last; ++first) {
      auto equal = world.known(true);
      for (std::size_t length = last; length <= kKeys; ++length) {
        const auto some = batch(k, tokens, first, last, length);
        equal = equal && world.known(some.size() == last - first) && same_rows(world, k, some, all, first);
      }
      world.show(fmt::format("rows {} to {}", first, last - 1), equal);
    }
  }
}

}  // namespace

prove::Theorem batch_invariant() {
  return prove::about(
      "causal.hpp: prefill, CausalMask; schedule.hpp: tiled; recurrence.hpp: finalize",
      term_theorem(
          "batch-invariant",
          "A row's bits do not depend on the batch that it is computed in, in any arithmetic, where tiles "
          "are cut at absolute positions: every batch of consecutive rows among up to 6 keys.",
          [](auto& world, const auto& k) { show_rows(world, k, by_position<std::decay_t<decltype(k)>>); },
          "tiles cut at positions in the batch",
          [](auto& world, const auto& k) {
            show_rows(world, k, by_place_in_the_batch<std::decay_t<decltype(k)>>);
          }));
}

}  // namespace attest::proofs
