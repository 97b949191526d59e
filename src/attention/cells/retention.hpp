// Retention (RetNet, Sun et al. 2023), one head with decay gamma; the rotation of queries and keys and the
// norm after it are the caller's.
//
//     output_t = sum_j gamma^(t-j) (q_t . k_j) v_j    j <= t
//
// recurrent: S = gamma S + k v^T, output = q S. chunked: a segment of n tokens is the affine map
// (gamma^n, its own S).
#pragma once

#include <cstddef>
#include <vector>

#include "attention/cells/affine.hpp"

namespace attest::attention {

template <semantics::Semantics A, class Vector = std::vector<typename A::Acc>>
struct RetentionToken {
  Vector query, key;
  Vector value;
};

/// S[f * v_dim + c], and gamma^n of the n tokens in it.
template <semantics::Semantics A, class Storage = std::vector<typename A::Acc>>
struct RetentionState {
  typename A::Acc decay;
  Storage s;
};

template <semantics::Guards A>
struct Retention {
  const A& k;
  typename A::Acc gamma;

  RetentionState<A> empty(std::size_t qk_dim, std::size_t v_dim) const {
    return {k.one(), std::vector<typename A::Acc>(qk_dim * v_dim, k.zero())};
  }

  template <class Storage, class Token>
  void step(RetentionState<A, Storage>& state, const Token& token) const {
    const std::size_t v_dim = token.value.size();
    state.decay = k.mul(state.decay, gamma);
    for (std::size_t f = 0; f < token.key.size(); ++f) {
      for (std::size_t c = 0; c < v_dim; ++c) {
        auto& s = state.s[f * v_dim + c];
        s = k.add(k.mul(s, gamma), k.mul(token.key[f], token.value[c]));
      }
    }
  }

  template <class Storage, class Token, class Output>
  void emit(RetentionState<A, Storage>& state, const Token& token, Output&& output) const {
    step(state, token);
    const std::size_t v_dim = token.value.size();
    for (std::size_t c = 0; c < v_dim; ++c) {
      output[c] = k.mul(token.query[0], state.s[c]);
      for (std::size_t f = 1; f < token.query.size(); ++f)
        output[c] = k.add(output[c], k.mul(token.query[f], state.s[f * v_dim + c]));
    }
  }

  /// The state of both segments' tokens, those of `later` after those of `into`.
  template <class Storage, class Other>
  void merge_into(RetentionState<A, Storage>& into, const RetentionState<A, Other>& later) const {
    for (std::size_t n = 0; n < into.s.size(); ++n)
      into.s[n] = k.add(k.mul(into.s[n], later.decay), later.s[n]);
    into.decay = k.mul(into.decay, later.decay);
  }

  /// Row t as it is defined, over all tokens at once.
  template <class Tokens, class Output>
  void closed_form(const Tokens& tokens, std::size_t t, Output&& output) const {
    for (std::size_t c = 0; c < tokens[t].value.size(); ++c) {
      auto decay = k.one();
      output[c] = k.mul(dot(k, tokens[t].query, tokens[t].key), tokens[t].value[c]);
      for (std::size_t j = t; j-- > 0;) {
        decay = k.mul(decay, gamma);
        const auto weight = k.mul(dot(k, tokens[t].query, tokens[j].key), decay);
        output[c] = k.add(output[c], k.mul(weight, tokens[j].value[c]));
      }
    }
  }
};

}  // namespace attest::attention
