// The selective scan of Mamba (Gu and Dao 2023), one channel with a diagonal state:
//
//     h_t = exp(delta_t A) h_(t-1) + delta_t B_t x_t        y_t = C_t . h_t + D x_t
//
// chunked and parallel: a token is the affine map (exp(delta A), delta B x), tokens in turn chain
// (affine.hpp).
#pragma once

#include <cstddef>
#include <vector>

#include "attention/cells/affine.hpp"

namespace attest::attention {

template <semantics::Semantics A>
struct ScanToken {
  std::vector<typename A::Score> delta_a;  ///< delta_t A <= 0, one a state component
  typename A::Acc delta;
  std::vector<typename A::Acc> b, c;
  typename A::Acc x;
};

template <semantics::Guards A>
struct SelectiveScan {
  const A& k;
  typename A::Acc skip;  ///< D

  std::vector<typename A::Acc> empty(std::size_t state_dim) const {
    return std::vector<typename A::Acc>(state_dim, k.zero());
  }

  template <class State, class Token>
  void step(State& h, const Token& token) const {
    for (std::size_t n = 0; n < h.size(); ++n) {
      const auto input = k.mul(k.mul(token.delta, token.b[n]), token.x);
      h[n] = k.add(k.mul(h[n], k.exp(token.delta_a[n])), input);
    }
  }

  /// output[0] is the channel's.
  template <class State, class Token, class Output>
  void emit(State& h, const Token& token, Output&& output) const {
    step(h, token);
    output[0] = k.add(dot(k, token.c, h), k.mul(skip, token.x));
  }

  /// What a token does to any state.
  template <class Token>
  Affine<A> map_of(const Token& token) const {
    Affine<A> map;
    for (std::size_t n = 0; n < token.b.size(); ++n) {
      map.a.push_back(k.exp(token.delta_a[n]));
      map.b.push_back(k.mul(k.mul(token.delta, token.b[n]), token.x));
    }
    return map;
  }

  /// Row t as it is defined, over all tokens at once: h_t = sum_j (a_t ... a_(j+1)) b_j.
  template <class Tokens, class Output>
  void closed_form(const Tokens& tokens, std::size_t t, Output&& output) const {
    auto y = k.mul(skip, tokens[t].x);
    for (std::size_t n = 0; n < tokens[t].b.size(); ++n) {
      auto factor = k.one();
      auto h = k.zero();
      for (std::size_t j = t + 1; j-- > 0;) {
        h = k.add(h, k.mul(k.mul(k.mul(tokens[j].delta, tokens[j].b[n]), tokens[j].x), factor));
        factor = k.mul(factor, k.exp(tokens[j].delta_a[n]));
      }
      y = k.add(y, k.mul(tokens[t].c[n], h));
    }
    output[0] = y;
  }
};

}  // namespace attest::attention
