// The classic recurrent cells: Elman's RNN (1990) and the GRU (Cho et al. 2014), one layer.
//
//     RNN   h' = tanh(W x + U h + b)
//     GRU   z = sigma(Wz x + Uz h + bz), r = sigma(Wr x + Ur h + br), n = tanh(Wn x + bn + r (Un h + cn)),
//           h' = (1 - z) n + z h
//
// Not linear in h: no closed form and no segments to merge, so one pass, or re-reading, is all there is.
#pragma once

#include <span>

#include "attention/dot.hpp"

namespace attest::attention {

/// 1 / (1 + exp(-x)).
template <semantics::Scoring A>
typename A::Acc sigmoid(const A& k, const typename A::Acc& x) {
  return k.div(k.one(), k.add(k.one(), k.exp(k.sub(k.score(k.number(0.0)), k.score(x)))));
}

/// 2 sigma(2 x) - 1.
template <semantics::Scoring A>
typename A::Acc tanh_of(const A& k, const typename A::Acc& x) {
  const auto two = k.number(2.0);
  return k.add(k.mul(two, sigmoid(k, k.mul(two, x))), k.number(-1.0));
}

/// One gate's weights, row-major: input [n, inputs], hidden [n, n], a bias [n] for each.
template <class Storage>
struct GateWeights {
  Storage input, hidden, input_bias, hidden_bias;
};

/// h, and room for the next one: 2 n numbers.
template <class Storage>
struct GatedState {
  Storage h, next;
};

/// Row i of W x + b.
template <semantics::Scoring A, class Storage, class X>
typename A::Acc affine_row(const A& k, const Storage& w, const Storage& bias, const X& x, std::size_t i) {
  using Number = const typename A::Acc;
  return k.add(dot(k, std::span<Number>(w).subspan(i * x.size(), x.size()), x), bias[i]);
}

/// A token is its input vector. Weights is a vector or a span.
template <semantics::Scoring A, class Weights>
struct ElmanCell {
  const A& k;
  GateWeights<Weights> w;

  template <class Storage, class Token>
  void step(GatedState<Storage>& state, const Token& x) const {
    for (std::size_t i = 0; i < state.h.size(); ++i) {
      state.next[i] = tanh_of(k, k.add(affine_row(k, w.input, w.input_bias, x, i),
                                       affine_row(k, w.hidden, w.hidden_bias, state.h, i)));
    }
    for (std::size_t i = 0; i < state.h.size(); ++i) state.h[i] = state.next[i];
  }

  template <class Storage, class Token, class Output>
  void emit(GatedState<Storage>& state, const Token& x, Output&& output) const {
    step(state, x);
    for (std::size_t i = 0; i < state.h.size(); ++i) output[i] = state.h[i];
  }
};

template <semantics::Scoring A, class Weights>
struct GruCell {
  const A& k;
  GateWeights<Weights> update, reset, candidate;

  template <class Storage, class Token>
  void step(GatedState<Storage>& state, const Token& x) const {
    for (std::size_t i = 0; i < state.h.size(); ++i) {
      const auto input = [&](const GateWeights<Weights>& w) {
        return affine_row(k, w.input, w.input_bias, x, i);
      };
      const auto hidden = [&](const GateWeights<Weights>& w) {
        return affine_row(k, w.hidden, w.hidden_bias, state.h, i);
      };
      const auto z = sigmoid(k, k.add(input(update), hidden(update)));
      const auto r = sigmoid(k, k.add(input(reset), hidden(reset)));
      const auto n = tanh_of(k, k.add(input(candidate), k.mul(r, hidden(candidate))));
      const auto rest = k.add(k.one(), k.mul(k.number(-1.0), z));
      state.next[i] = k.add(k.mul(rest, n), k.mul(z, state.h[i]));
    }
    for (std::size_t i = 0; i < state.h.size(); ++i) state.h[i] = state.next[i];
  }

  template <class Storage, class Token, class Output>
  void emit(GatedState<Storage>& state, const Token& x, Output&& output) const {
    step(state, x);
    for (std::size_t i = 0; i < state.h.size(); ++i) output[i] = state.h[i];
  }
};

}  // namespace attest::attention
