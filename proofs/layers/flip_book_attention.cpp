// The flip-book RNN with the attention cell is causal attention: re-reading tokens 0..t from the state of no
// tokens leaves the sums of keys 0..t. One step adds a key to the sums of any state, and to none; the row it
// emits is their mean. (Its other cells: cells_*.cpp.)
#include <fmt/format.h>

#include "attention/cells/attention.hpp"
#include "attention/cells/flip_book.hpp"
#include "support/states.hpp"
#include "theorems.hpp"

namespace attest::proofs {
namespace {

template <class A>
struct KeyToken {
  typename A::Score score;
  std::vector<typename A::Acc> value;
};

template <class World, class A>
std::vector<KeyToken<A>> tokens_of(const Keys<World>& keys, const A& k) {
  const auto scores = scores_of(keys, k);
  const auto values = values_of(keys, k);
  std::vector<KeyToken<A>> tokens;
  for (std::size_t j = 0; j < keys.size(); ++j) tokens.push_back({scores[j], values[j]});
  return tokens;
}

// What a re-reading of the first tokens leaves, one step after another.
template <class World, class A>
void use_shares(World& world, const A& k, const attention::State<A>& state, const attention::State<A>& before,
                const Keys<World>& key) {
  const auto m = weight_of(k, state.m);
  world.use(ShareLaw{}, m, weight_of(k, before.m), number_of(k, before.l));
  world.use(ShareLaw{}, m, weight_of(k, before.m), number_of(k, before.o[0]));
  world.use(ShareLaw{}, m, key.weights[0], number_of(k, k.one()));
  world.use(ShareLaw{}, m, key.weights[0], key.values[0]);
}

template <class World, class A>
void show_rows(World& world, const A& k, const Keys<World>& keys, bool reset) {
  const auto score = [](const KeyToken<A>& token) { return token.score; };
  const attention::AttentionCell<A, decltype(score)> cell{k, score};
  const auto tokens = tokens_of(keys, k);
  attention::State<A> state = cell.empty(1);
  for (std::size_t t = 0; t < keys.size(); ++t) {
    if (reset) state = cell.empty(1);
    std::vector<typename A::Acc> output{k.zero()};
    attention::flip_book_row(cell, state, tokens, t, output);
    const auto row = keys.slice(0, t + 1);
    const std::string note = fmt::format(", row {}", t);
    if (reset && t > 0) {
      const auto before = block_of(keys.slice(0, t), k);
      for (std::size_t j = 0; j < t; ++j) {
        world.use(ShareLaw{}, weight_of(k, before.m), keys.weights[j], number_of(k, k.one()));
        world.use(ShareLaw{}, weight_of(k, before.m), keys.weights[j], keys.values[j]);
        world.use(ShareLaw{}, weight_of(k, state.m), keys.weights[j], number_of(k, k.one()));
        world.use(ShareLaw{}, weight_of(k, state.m), keys.weights[j], keys.values[j]);
      }
    }
    if (reset) {
      world.use(ShareLaw{}, weight_of(k, state.m), keys.weights[t], number_of(k, k.one()));
      world.use(ShareLaw{}, weight_of(k, state.m), keys.weights[t], keys.values[t]);
    }
    world.lemma("m * l = W" + note, weight_sum(k, state) == row.weight_sum());
    world.lemma("m * o = U" + note, value_sum(k, state) == row.value_sum());
    world.use(QuotientLaw{}, number_of(k, state.o[0]), number_of(k, state.l));
    world.show("output * W = U" + note, number_of(k, output[0]) * row.weight_sum() == row.value_sum());
  }
}

template <class World, class A>
void show_step(World& world, const A& k) {
  const auto a = any_state(world, k, "a");
  const auto key = any_keys(world, 1, "_new");
  const auto score = [](const KeyToken<A>& token) { return token.score; };
  const attention::AttentionCell<A, decltype(score)> cell{k, score};
  auto state = a;
  cell.step(state, tokens_of(key, k)[0]);
  use_shares(world, k, state, a, key);
  show_represents(world, k, state, weight_sum(k, a) + key.weight_sum(), value_sum(k, a) + key.value_sum(),
                  ", one more token");
}

}  // namespace

prove::Theorem flip_book_attention() {
  const auto statement = [](auto& world, const auto& k) {
    const auto keys = any_keys(world, 2);
    show_step(world, k);
    show_rows(world, k, keys, true);
  };
  const auto not_reset = [](auto& world, const auto& k) { show_rows(world, k, any_keys(world, 2), false); };
  prove::Theorem theorem = prove::about(
      "cells/flip_book.hpp: flip_book_row; cells/attention.hpp: AttentionCell",
      real_theorem("flip-book-attention",
                   "The flip-book RNN with the attention cell, its state reset at each re-reading, is causal "
                   "attention.",
                   statement, OtherTwin{"the state kept from the row before", not_reset}));
  theorem.cvc5_seconds = 2;
  return theorem;
}

}  // namespace attest::proofs
