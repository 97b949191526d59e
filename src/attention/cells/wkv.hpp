// WKV, the time mixing of RWKV-4 (Peng et al. 2023), one channel:
//
//     wkv_t = (sum_{i<t} e^(k_i - (t-1-i) w) v_i + e^(u + k_t) v_t) / (the same sum without v)
//
// It is attention whose scores fall by w with each token that passes, and whose own token has a bonus u. So
// the state is that of recurrence.hpp: a running max, a denominator and a numerator of one component (the
// p, b and a of RWKV's own code), and it decays by lowering the max. chunked: a segment of n tokens lowers
// what came before by n w, then merges.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "attention/guarded.hpp"

namespace attest::attention {

/// s + t.
template <semantics::Guards A>
typename A::Score plus(const A& k, const typename A::Score& s, const typename A::Score& t) {
  return k.sub(s, k.sub(k.origin(), t));
}

template <semantics::Semantics A>
struct WkvToken {
  typename A::Score key;
  typename A::Acc value;
};

/// A segment of tokens: by how much it lowers what came before, and its own sums.
template <semantics::Semantics A, class Storage = std::vector<typename A::Acc>>
struct WkvState {
  typename A::Score decay;
  State<A, Storage> sums;
};

template <semantics::Guards A>
struct Wkv {
  const A& k;
  typename A::Score decay;  ///< w >= 0
  typename A::Score bonus;  ///< u

  WkvState<A> empty() const { return {k.origin(), empty_state(k, 1)}; }

  template <class Storage, class Token>
  void step(WkvState<A, Storage>& state, const Token& token) const {
    merge_into(state, WkvState<A, OneNumber>{decay, sums_of(token.key, token.value)});
  }

  /// output[0] is the channel's.
  template <class Storage, class Token, class Output>
  void emit(WkvState<A, Storage>& state, const Token& token, Output&& output) const {
    auto row = sums_of(plus(k, token.key, bonus), token.value);
    guarded_merge_into(k, row, state.sums);
    finalize_into(k, row, output);
    step(state, token);
  }

  /// The state of both segments' tokens, those of `later` after those of `into`.
  template <class Storage, class Other>
  void merge_into(WkvState<A, Storage>& into, const WkvState<A, Other>& later) const {
    into.sums.m = k.sub(into.sums.m, later.decay);
    guarded_merge_into(k, into.sums, later.sums);
    into.decay = plus(k, into.decay, later.decay);
  }

  /// Row t as it is defined: attention over scores that fall with age.
  template <class Tokens, class Output>
  void closed_form(const Tokens& tokens, std::size_t t, Output&& output) const {
    std::vector<typename A::Score> scores{plus(k, tokens[t].key, bonus)};
    std::vector<std::vector<typename A::Acc>> values{{tokens[t].value}};
    for (std::size_t j = 0; j < t; ++j) {
      auto score = tokens[j].key;
      for (std::size_t passed = j + 1; passed < t; ++passed) score = k.sub(score, decay);
      scores.push_back(score);
      values.push_back({tokens[j].value});
    }
    finalize_into(k, block(k, scores, values), output);
  }

 private:
  using OneNumber = std::array<typename A::Acc, 1>;

  // The state of one key, whose max is its own score. Allocates nothing.
  State<A, OneNumber> sums_of(const typename A::Score& score, const typename A::Acc& value) const {
    return {score, k.one(), {k.mul(k.probability(k.one()), value)}};
  }
};

}  // namespace attest::attention
