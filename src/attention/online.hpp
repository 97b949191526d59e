// The loop of FlashAttention: a tile is absorbed at the new running max, without a state of its own.
//
// In exact numbers absorb(state, tile) is merge(state, block(tile)). In floats it differs: the weights of the
// tile are computed at the running max of all keys so far, so P is rounded once and never rescaled with its
// tile.
#pragma once

#include "attention/recurrence.hpp"

namespace attest::attention {

/// Multiplies denominator and numerator by a factor.
template <semantics::Semantics A, class Storage>
void rescale(const A& k, State<A, Storage>& state, const typename A::Acc& factor) {
  state.l = k.mul(state.l, factor);
  for (std::size_t c = 0; c < state.o.size(); ++c) state.o[c] = k.mul(state.o[c], factor);
}

/// Adds the weights of a tile's keys, shifted by `shift`, to denominator and numerator.
template <semantics::Semantics A, class Storage, class Scores, class Values>
void accumulate(const A& k, State<A, Storage>& state, const typename A::Score& shift, const Scores& scores,
                const Values& values) {
  for (std::size_t j = 0; j < scores.size(); ++j) {
    const auto weight = k.exp(k.sub(scores[j], shift));
    const auto p = k.probability(weight);
    state.l = k.add(state.l, weight);
    for (std::size_t c = 0; c < state.o.size(); ++c) {
      state.o[c] = k.add(state.o[c], k.mul(p, values[j][c]));
    }
  }
}

/// Adds the keys of one tile to the state. Precondition: none of them is in it yet. Allocates nothing.
template <semantics::Semantics A, class Storage, class Scores, class Values>
void absorb(const A& k, State<A, Storage>& state, const Scores& scores, const Values& values) {
  auto m = state.m;
  for (std::size_t j = 0; j < scores.size(); ++j) m = k.max(m, scores[j]);
  rescale(k, state, k.exp(k.sub(state.m, m)));
  accumulate(k, state, m, scores, values);
  state.m = m;
}

}  // namespace attest::attention
