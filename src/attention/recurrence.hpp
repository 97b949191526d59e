// Attention as a recurrence.
//
// One row of attention is a mean of values v_j, weighted by the exponentials of scores s_j:
//
//     output = sum_j exp(s_j) v_j / sum_j exp(s_j)
//
// Any set of keys is summed up in a state (m, l, o) that does not grow with the set:
//
//     m    running max   the largest score, so that no exponential exceeds 1
//     l    denominator   sum_j exp(s_j - m)
//     o    numerator     sum_j exp(s_j - m) v_j       (v_dim components)
//
// `block` is the state of one tile of keys, `merge` that of the union of two disjoint sets, `finalize` the
// output. Merging is associative and commutative up to rounding, so keys may come in any order, tiles and
// splits: one at a time it is an RNN (`step`), tile by tile FlashAttention, split by split Flash-Decoding
// (schedule.hpp).
//
// What a number is, and how it rounds, is the business of the semantics k (semantics/concept.hpp). The code
// below runs in floats, in intervals, in exact rationals and in the terms of a theorem prover: what is tested
// is proved.
#pragma once

#include <cstddef>
#include <vector>

#include "semantics/concept.hpp"

namespace attest::attention {

/// Storage is what holds the numerator: a vector, an array, or a span into someone's workspace.
template <semantics::Semantics A, class Storage = std::vector<typename A::Acc>>
struct State {
  typename A::Score m;
  typename A::Acc l;
  Storage o;
};

/// Overwrites `tile` with the state of the keys of one tile: scores[j] with values[j][c]. Precondition: at
/// least one key; tile.o has v_dim components. Allocates nothing.
template <semantics::Semantics A, class Storage, class Scores, class Values>
void block_into(const A& k, State<A, Storage>& tile, const Scores& scores, const Values& values) {
  tile.m = scores[0];
  for (std::size_t j = 1; j < scores.size(); ++j) tile.m = k.max(tile.m, scores[j]);
  for (std::size_t j = 0; j < scores.size(); ++j) {
    const auto weight = k.exp(k.sub(scores[j], tile.m));
    const auto p = k.probability(weight);
    tile.l = j == 0 ? weight : k.add(tile.l, weight);
    for (std::size_t c = 0; c < tile.o.size(); ++c) {
      const auto term = k.mul(p, values[j][c]);
      tile.o[c] = j == 0 ? term : k.add(tile.o[c], term);
    }
  }
}

/// The state of the keys of one tile. Precondition: at least one key.
template <semantics::Semantics A, class Scores, class Values>
State<A> block(const A& k, const Scores& scores, const Values& values) {
  State<A> tile{scores[0], k.one(), {values[0].begin(), values[0].end()}};
  block_into(k, tile, scores, values);
  return tile;
}

/// Adds the keys of `from` to `into`. Precondition: the two sets of keys are disjoint. Allocates nothing.
template <semantics::Semantics A, class Storage, class Other>
void merge_into(const A& k, State<A, Storage>& into, const State<A, Other>& from) {
  const auto m = k.max(into.m, from.m);
  const auto rescale = k.exp(k.sub(into.m, m));
  const auto rescale_from = k.exp(k.sub(from.m, m));
  into.m = m;
  into.l = k.add(k.mul(into.l, rescale), k.mul(from.l, rescale_from));
  for (std::size_t c = 0; c < into.o.size(); ++c) {
    into.o[c] = k.add(k.mul(into.o[c], rescale), k.mul(from.o[c], rescale_from));
  }
}

/// The state of the union of two disjoint sets of keys.
template <semantics::Semantics A, class Other>
State<A> merge(const A& k, State<A> a, const State<A, Other>& b) {
  merge_into(k, a, b);
  return a;
}

/// The numerator of a single key, multiplied out when read.
template <semantics::Semantics A, class Value>
struct KeyNumerator {
  const A& k;
  typename A::Acc p;
  const Value& value;
  typename A::Acc operator[](std::size_t c) const { return k.mul(p, value[c]); }
};

/// One more key, as an RNN reads it: the merge with the block of that key alone. Allocates nothing.
template <semantics::Semantics A, class Storage, class Value>
void step(const A& k, State<A, Storage>& state, const typename A::Score& score, const Value& value) {
  const auto weight = k.exp(k.sub(score, score));
  const State<A, KeyNumerator<A, Value>> key{score, weight, {k, k.probability(weight), value}};
  merge_into(k, state, key);
}

/// Writes numerator / denominator, v_dim components, to `output`. Allocates nothing.
template <semantics::Semantics A, class Storage, class Output>
void finalize_into(const A& k, const State<A, Storage>& state, Output&& output) {
  for (std::size_t c = 0; c < state.o.size(); ++c) output[c] = k.div(state.o[c], state.l);
}

/// The output row: numerator / denominator.
template <semantics::Semantics A, class Storage>
std::vector<typename A::Acc> finalize(const A& k, const State<A, Storage>& state) {
  std::vector<typename A::Acc> output(state.o.begin(), state.o.end());
  finalize_into(k, state, output);
  return output;
}

}  // namespace attest::attention
