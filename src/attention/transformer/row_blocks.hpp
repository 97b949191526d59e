// Recomputation of B rows at a time: a block of rows shares every re-reading of the blocks before it.
//
// B = 1 is the constant-space evaluator, B = length the ordinary forward pass in N frames a row; in between,
// space grows with B as time falls with B^N. With K = ceil(L / B) blocks, the k-th (1-based) of B rows reads
// B C(k + N - 1, N) embeddings, and the last, of r rows, B (C(K + N - 1, N) - 1) + r.
#pragma once

#include "attention/transformer/recompute.hpp"

namespace attest::attention {

/// N B (d + 2 H d_h + 2 H) + 2 H_kv d_h + d + MLP.
constexpr Words row_block_words(const ModelShape& s, std::size_t rows) {
  return rows * s.layers * frame_words(s) + key_value_words(s) + scratch_words(s);
}

/// Rows b B .. b B + B - 1 of a sequence are block b; the last may be shorter.
template <semantics::Scoring A, class Trace = NoTrace>
class RowBlocks {
 public:
  /// Precondition: rows >= 1; `workspace` holds row_block_words(model.shape, rows).
  RowBlocks(const A& k, const Transformer<typename A::Acc>& model, std::span<const std::uint32_t> tokens,
            std::size_t rows, Workspace<A> workspace, Trace trace = {}) noexcept
      : k_(k), model_(model), tokens_(tokens), rows_(rows), workspace_(workspace), trace_(trace) {}

  /// Calls sink(t, output of the model at row t) for every row in turn.
  template <class Sink>
  void run(const Sink& sink) const noexcept {
    for (std::size_t b = 0; b * rows_ < tokens_.size(); ++b) {
      evaluate(model_.shape.layers, b);
      for (std::size_t i = 0; i < rows_of(b); ++i) sink(b * rows_ + i, frame(model_.shape.layers, i).x);
    }
  }

 private:
  std::size_t rows_of(std::size_t b) const noexcept { return std::min(rows_, tokens_.size() - b * rows_); }

  void evaluate(std::size_t n, std::size_t b) const noexcept {
    if (n == 0) return;  // embeddings are read where they are
    const Layer<A> layer{k_, model_, model_.layers[n - 1], scratch()};
    evaluate(n - 1, b);
    for (std::size_t i = 0; i < rows_of(b); ++i) {
      std::ranges::copy(output(n - 1, b, i), frame(n, i).x.begin());
      layer.begin_row(frame(n, i), b * rows_ + i, key_value());
      trace_.step();
    }
    for (std::size_t before = 0; before < b; ++before) {
      evaluate(n - 1, before);
      for (std::size_t j = 0; j < rows_of(before); ++j)
        read(layer, n, output(n - 1, before, j), before * rows_ + j, 0, rows_of(b));
    }
    // The block's own rows, last as in any row's order; their inputs are still in this level's frames.
    for (std::size_t j = 0; j + 1 < rows_of(b); ++j)
      read(layer, n, frame(n, j).x, b * rows_ + j, j + 1, rows_of(b));
    for (std::size_t i = 0; i < rows_of(b); ++i) layer.end_row(frame(n, i));
  }

  // The key of the row at `position`, read by rows first .. last - 1 of the block at level n.
  void read(const Layer<A>& layer, std::size_t n, ConstNumbers<A> x, std::size_t position, std::size_t first,
            std::size_t last) const noexcept {
    const KeyValue<A> kv = key_value();
    layer.key_value(x, position, kv);
    for (std::size_t i = first; i < last; ++i) {
      layer.read_key(frame(n, i), kv.key(), kv.value());
      trace_.step();
    }
  }

  // Level n of row i of block b, which was evaluated last at that level.
  ConstNumbers<A> output(std::size_t n, std::size_t b, std::size_t i) const noexcept {
    if (n > 0) return frame(n, i).x;
    trace_.leaf(b * rows_ + i);
    return embedding<A>(model_, tokens_[b * rows_ + i]);
  }

  Frame<A> frame(std::size_t n, std::size_t i) const noexcept {
    return frame_of<A>(model_.shape, workspace_.after(((n - 1) * rows_ + i) * frame_words(model_.shape)));
  }
  Workspace<A> shared() const noexcept {
    return workspace_.after(rows_ * model_.shape.layers * frame_words(model_.shape));
  }
  KeyValue<A> key_value() const noexcept {
    return {shared().numbers.first(key_value_words(model_.shape).numbers)};
  }
  Scratch<A> scratch() const noexcept {
    return scratch_of<A>(model_.shape, shared().after(key_value_words(model_.shape)));
  }

  const A& k_;
  const Transformer<typename A::Acc>& model_;
  std::span<const std::uint32_t> tokens_;
  std::size_t rows_;
  Workspace<A> workspace_;
  [[no_unique_address]] Trace trace_;
};

}  // namespace attest::attention
