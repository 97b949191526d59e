// Many layers of causal attention, in two ways: with a cache of every layer's inputs, and with nothing kept,
// every input computed anew from the tape of tokens.
//
// A model says what a layer does, and is otherwise unknown:
//
//     embed(tape, t)               the input of layer 1 at token t
//     begin(layer, x)              a state that holds the row's own input
//     absorb(layer, state, x, y)   the same with an earlier token's input y
//     finish(layer, state, x)      the layer's output, which is the next layer's input
//
// Both evaluators run `layer_row`, on inputs from different places: so they agree when the inputs do, layer
// by layer. (src/space has the evaluator of a real transformer in a workspace of fixed size.)
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "attention/recompute_trace.hpp"

namespace attest {

/// One row of one layer: its own input x first, then those of tokens 0..t-1 from input(j).
template <class Model, class Layer, class X, class Input>
X layer_row(const Model& model, const Layer& layer, std::size_t t, const X& x, const Input& input) {
  auto state = model.begin(layer, x);
  for (std::size_t j = 0; j < t; ++j) model.absorb(layer, state, x, input(j));
  return model.finish(layer, state, x);
}

/// The words that a recompute evaluator has in use: `frame` for each layer that has begun, `leaf` for an
/// embedding.
struct EvaluatorWords {
  std::size_t frame;
  std::size_t leaf;
};

/// The output of layer `level` at token t (level 0: its embedding), from the tape alone. `live` words are in
/// use by the callers.
template <class Model, class Tape, class Trace>
auto recompute(const Model& model, const Tape& tape, std::size_t level, std::size_t t,
               const EvaluatorWords& words, std::size_t live, Trace& trace)
    -> decltype(model.embed(tape, t)) {
  using Kind = EvaluatorEvent::Kind;
  live += level == 0 ? words.leaf : words.frame;
  trace({Kind::enter, level, t, 0, live});
  auto x = level == 0 ? model.embed(tape, t) : recompute(model, tape, level - 1, t, words, live, trace);
  if (level > 0) {
    x = layer_row(model, level, t, x, [&](std::size_t j) {
      trace({Kind::loop, level, t, j, live});
      return recompute(model, tape, level - 1, j, words, live, trace);
    });
  }
  trace({Kind::leave, level, t, 0, live});
  return x;
}

/// The same with the inputs of all layers kept: `words.frame` words an input.
template <class Model, class Tape>
class CachedLayers {
 public:
  using X = decltype(std::declval<const Model&>().embed(std::declval<const Tape&>(), std::size_t{0}));

  CachedLayers(const Model& model, const Tape& tape, std::size_t layers)
      : model_(model), tape_(tape), inputs_(layers) {}

  /// The output of the last layer at the next token.
  X next() {
    const std::size_t t = tokens_++;
    X x = model_.embed(tape_, t);
    for (std::size_t layer = 1; layer <= inputs_.size(); ++layer) {
      auto& inputs = inputs_[layer - 1];
      inputs.push_back(x);
      x = layer_row(model_, layer, t, x, [&](std::size_t j) { return inputs[j]; });
    }
    return x;
  }
  /// Inputs kept, over all layers.
  std::size_t kept() const { return tokens_ * inputs_.size(); }

 private:
  const Model& model_;
  const Tape& tape_;
  std::size_t tokens_ = 0;
  std::vector<std::vector<X>> inputs_;
};

}  // namespace attest
