// The KV cache: every layer keeps the key and value of every row, so that a new row computes its own only.
#pragma once

#include "attention/trace.hpp"
#include "attention/transformer/workspace.hpp"

namespace attest::attention {

/// 2 N L H_kv d_h for the cache, and one row.
constexpr Words kv_cache_words(const ModelShape& s, std::size_t length) {
  return s.layers * length * key_value_words(s) + frame_words(s) + scratch_words(s);
}

/// Decodes tokens one after another.
template <semantics::Scoring A, class Trace = NoTrace>
class KvCache {
 public:
  /// Room for `length` tokens: `workspace` holds kv_cache_words(model.shape, length).
  KvCache(const A& k, const Transformer<typename A::Acc>& model, std::size_t length, Workspace<A> workspace,
          Trace trace = {}) noexcept
      : k_(k), model_(model), length_(length), workspace_(workspace), trace_(trace) {}

  /// The output of the model (before the final norm) for the next token, [hidden], valid until the next call.
  /// Precondition: fewer than `length` tokens so far.
  ConstNumbers<A> append(std::size_t token) noexcept {
    const ModelShape& s = model_.shape;
    const Frame<A> row = frame_of<A>(s, workspace_);
    trace_.leaf(t_);
    std::ranges::copy(embedding<A>(model_, token), row.x.begin());
    for (std::size_t n = 0; n < s.layers; ++n) {
      const Layer<A> layer{k_, model_, model_.layers[n], scratch_of<A>(s, workspace_.after(frame_words(s)))};
      layer.begin_row(row, t_, slot(n, t_));
      trace_.step();
      for (std::size_t j = 0; j < t_; ++j) {
        layer.read_key(row, slot(n, j).key(), slot(n, j).value());
        trace_.step();
      }
      layer.end_row(row);
    }
    ++t_;
    return row.x;
  }

  std::size_t size() const noexcept { return t_; }

 private:
  KeyValue<A> slot(std::size_t layer, std::size_t j) const noexcept {
    const Words before = frame_words(model_.shape) + scratch_words(model_.shape) +
                         (layer * length_ + j) * key_value_words(model_.shape);
    return {workspace_.after(before).numbers.first(key_value_words(model_.shape).numbers)};
  }

  const A& k_;
  const Transformer<typename A::Acc>& model_;
  std::size_t length_;
  Workspace<A> workspace_;
  [[no_unique_address]] Trace trace_;
  std::size_t t_ = 0;
};

}  // namespace attest::attention
