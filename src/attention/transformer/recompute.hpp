// The constant-space evaluator: a row of the model from the token ids, with nothing stored between keys.
//
// A layer needs the outputs of the layer below at positions 0..t. A KV cache stores them; this recomputes
// each from the tokens whenever it is read, so that a row of an N-layer model takes N frames, whatever t is:
//
//     evaluate(n, t):  frame n <- evaluate(n - 1, t)                         the row's own input
//                      for j = 0 .. t-1:  read the key of evaluate(n - 1, j) in passing
//                      frame n <- the layer's output
//
// evaluate(0, j) is the embedding of token j. Row t (0-based) makes C(t + N, N) leaf evaluations.
#pragma once

#include "attention/trace.hpp"
#include "attention/transformer/workspace.hpp"

namespace attest::attention {

/// N (d + 2 H d_h + 2 H) + 2 H_kv d_h + d + MLP: all the memory of the constant-space evaluator.
constexpr Words recompute_words(const ModelShape& s) {
  return s.layers * frame_words(s) + key_value_words(s) + scratch_words(s);
}

/// Layers first + 1 .. first + depth of a model, recomputed over a source of inputs to the lowest of them:
/// source(j) is the input of row j, valid until the next call.
template <semantics::Scoring A, class Source, class Trace = NoTrace>
class Recompute {
 public:
  /// `workspace` holds depth frames, a key with its value and a scratch, and is all that is written.
  Recompute(const A& k, const Transformer<typename A::Acc>& model, std::size_t first, std::size_t depth,
            Source source, Workspace<A> workspace, Trace trace = {}) noexcept
      : k_(k),
        model_(model),
        first_(first),
        depth_(depth),
        source_(source),
        workspace_(workspace),
        trace_(trace) {}

  /// The output of the topmost layer at row t (0-based), [hidden], valid until the next call. Allocates
  /// nothing unless a number of k does. The stack grows with depth, not with t.
  ConstNumbers<A> row(std::size_t t) const noexcept { return output(depth_, t); }

 private:
  // The output of level n of this segment, n <= depth.
  ConstNumbers<A> output(std::size_t n, std::size_t t) const noexcept {
    if (n == 0) {
      first_ == 0 ? trace_.leaf(t) : trace_.cached(t);
      return source_(t);
    }
    evaluate(n, t);
    return frame(n).x;
  }

  void evaluate(std::size_t n, std::size_t t) const noexcept {
    trace_.enter(first_ + n, t, frame_words(model_.shape).total());
    const Frame<A> row = frame(n);
    const Layer<A> layer{k_, model_, model_.layers[first_ + n - 1], scratch()};
    const KeyValue<A> kv = key_value();
    std::ranges::copy(output(n - 1, t), row.x.begin());
    layer.begin_row(row, t, kv);
    trace_.step();
    for (std::size_t j = 0; j < t; ++j) {
      trace_.loop(first_ + n, t, j);
      layer.key_value(output(n - 1, j), j, kv);
      layer.read_key(row, kv.key(), kv.value());
      trace_.step();
    }
    layer.end_row(row);
    trace_.leave(first_ + n, t, frame_words(model_.shape).total());
  }

  Frame<A> frame(std::size_t n) const noexcept {
    return frame_of<A>(model_.shape, workspace_.after((n - 1) * frame_words(model_.shape)));
  }
  KeyValue<A> key_value() const noexcept {
    const Workspace<A> rest = workspace_.after(depth_ * frame_words(model_.shape));
    return {rest.numbers.first(key_value_words(model_.shape).numbers)};
  }
  Scratch<A> scratch() const noexcept {
    return scratch_of<A>(
        model_.shape, workspace_.after(depth_ * frame_words(model_.shape) + key_value_words(model_.shape)));
  }

  const A& k_;
  const Transformer<typename A::Acc>& model_;
  std::size_t first_, depth_;
  Source source_;
  Workspace<A> workspace_;
  [[no_unique_address]] Trace trace_;
};

/// The inputs of a model's first layer: embeddings of the tape's tokens.
template <semantics::Scoring A>
struct TapeSource {
  const Transformer<typename A::Acc>& model;
  std::span<const std::uint32_t> tokens;  ///< the tape: read-only, re-read at will
  ConstNumbers<A> operator()(std::size_t j) const noexcept { return embedding<A>(model, tokens[j]); }
};

/// The output of the whole model at row t (before the final norm), [hidden], in constant space.
/// Precondition: `workspace` holds recompute_words(model.shape); t < tokens.size().
template <semantics::Scoring A, class Trace = NoTrace>
ConstNumbers<A> recompute_row(const A& k, const Transformer<typename A::Acc>& model,
                              std::span<const std::uint32_t> tokens, std::size_t t, Workspace<A> workspace,
                              Trace trace = {}) noexcept {
  const TapeSource<A> source{model, tokens};
  return Recompute<A, TapeSource<A>, Trace>(k, model, 0, model.shape.layers, source, workspace, trace).row(t);
}

}  // namespace attest::attention
