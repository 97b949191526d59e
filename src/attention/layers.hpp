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
// by layer. (transformer/ has the evaluators of a real
// model, in a workspace of fixed size.)
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "attention/trace.hpp"

namespace attest::attention {

/// One row of one layer: its own input x first, then those of tokens 0..t-1 from input(j).
template <class Model, class Layer, class X, class Input>
X layer_row(const Model& model, const Layer& layer, std::size_t t, const X& x, const Input& input) {
  auto state = model.begin(layer, x);
  for (std::size_t j = 0; j < t; ++j) model.absorb(layer, state, x, input(j));
  return model.finish(layer, state, x);
}

/// The output of layer `level` at token t (level 0: its embedding), from the tape alone; a layer's frame is
/// `frame_words` words.
template <class Model, class Tape, class Trace>
auto recompute(const Model& model, const Tape& tape, std::size_t level, std::size_t t,
               std::size_t frame_words, Trace& trace) -> decltype(model.embed(tape, t)) {
  if (level == 0) {
    trace.leaf(t);
    return model.embed(tape, t);
  }
  trace.enter(level, t, frame_words);
  const auto x = recompute(model, tape, level - 1, t, frame_words, trace);
  const auto output = layer_row(model, level, t, x, [&](std::size_t j) {
    trace.loop(level, t, j);
    return recompute(model, tape, level - 1, j, frame_words, trace);
  });
  trace.leave(level, t, frame_words);
  return output;
}

/// The same with the inputs of all layers kept.
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
  /// How many inputs are kept, over all layers.
  std::size_t kept() const { return tokens_ * inputs_.size(); }

 private:
  const Model& model_;
  const Tape& tape_;
  std::size_t tokens_ = 0;
  std::vector<std::vector<X>> inputs_;
};

}  // namespace attest::attention
