// Linear attention (Katharopoulos et al. 2020): the score of a key is a product of features, so the sums over
// keys do not depend on the query.
//
//     output_t = sum_j (q_t . k_j) v_j / sum_j (q_t . k_j)    j <= t, q and k already mapped to features > 0
//
// recurrent: S = sum_j k_j v_j^T and z = sum_j k_j grow token by token, output = q S / (q . z).
// chunked: the sums of two segments add up.
#pragma once

#include <cstddef>
#include <vector>

#include "attention/cells/affine.hpp"

namespace attest::attention {

template <semantics::Semantics A, class Vector = std::vector<typename A::Acc>>
struct LinearToken {
  Vector query, key;  ///< features, positive
  Vector value;
};

/// S[f * v_dim + c] and z[f].
template <semantics::Semantics A, class Storage = std::vector<typename A::Acc>>
struct LinearState {
  Storage s;
  Storage z;
};

template <semantics::Guards A>
struct LinearAttention {
  const A& k;

  LinearState<A> empty(std::size_t features, std::size_t v_dim) const {
    using Zeros = std::vector<typename A::Acc>;
    return {Zeros(features * v_dim, k.zero()), Zeros(features, k.zero())};
  }

  template <class Storage, class Token>
  void step(LinearState<A, Storage>& state, const Token& token) const {
    const std::size_t v_dim = token.value.size();
    for (std::size_t f = 0; f < state.z.size(); ++f) {
      state.z[f] = k.add(state.z[f], token.key[f]);
      for (std::size_t c = 0; c < v_dim; ++c)
        state.s[f * v_dim + c] = k.add(state.s[f * v_dim + c], k.mul(token.key[f], token.value[c]));
    }
  }

  template <class Storage, class Token, class Output>
  void emit(LinearState<A, Storage>& state, const Token& token, Output&& output) const {
    step(state, token);
    const std::size_t v_dim = token.value.size();
    const auto denominator = dot(k, token.query, state.z);
    for (std::size_t c = 0; c < v_dim; ++c) {
      auto numerator = k.mul(token.query[0], state.s[c]);
      for (std::size_t f = 1; f < token.query.size(); ++f)
        numerator = k.add(numerator, k.mul(token.query[f], state.s[f * v_dim + c]));
      output[c] = k.div(numerator, denominator);
    }
  }

  /// The state of both segments' tokens.
  template <class Storage, class Other>
  void merge_into(LinearState<A, Storage>& into, const LinearState<A, Other>& from) const {
    for (std::size_t f = 0; f < into.z.size(); ++f) into.z[f] = k.add(into.z[f], from.z[f]);
    for (std::size_t n = 0; n < into.s.size(); ++n) into.s[n] = k.add(into.s[n], from.s[n]);
  }

  /// Row t as it is defined, over all tokens at once.
  template <class Tokens, class Output>
  void closed_form(const Tokens& tokens, std::size_t t, Output&& output) const {
    const auto weight = [&](std::size_t j) { return dot(k, tokens[t].query, tokens[j].key); };
    auto denominator = weight(0);
    for (std::size_t j = 1; j <= t; ++j) denominator = k.add(denominator, weight(j));
    for (std::size_t c = 0; c < tokens[t].value.size(); ++c) {
      auto numerator = k.mul(weight(0), tokens[0].value[c]);
      for (std::size_t j = 1; j <= t; ++j) numerator = k.add(numerator, k.mul(weight(j), tokens[j].value[c]));
      output[c] = k.div(numerator, denominator);
    }
  }
};

}  // namespace attest::attention
