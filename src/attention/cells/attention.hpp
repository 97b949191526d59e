// Attention as a flip-book cell: re-reading the tokens with the row's query is causal attention.
#pragma once

#include <utility>
#include <vector>

#include "attention/guarded.hpp"

namespace attest::attention {

/// Of one row: score(token) is the scaled score of a token's key against the row's query. A token is
/// anything with a member `value`, v_dim components.
template <semantics::Guards A, class Score>
struct AttentionCell {
  const A& k;
  Score score;

  State<A> empty(std::size_t v_dim) const { return empty_state(k, v_dim); }

  template <class Storage, class Token>
  void step(State<A, Storage>& state, const Token& token) const {
    const State<A, KeyNumerator<A, decltype(token.value)>> key{
        score(token), k.one(), {k, k.probability(k.one()), token.value}};
    guarded_merge_into(k, state, key);
  }

  template <class Storage, class Token, class Output>
  void emit(State<A, Storage>& state, const Token& token, Output&& output) const {
    step(state, token);
    finalize_into(k, state, output);  // the row's own token is visible: never empty
  }
};

}  // namespace attest::attention
