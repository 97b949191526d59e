// The ordinary forward pass, layer by layer in place: one layer's keys and values, and every row's residual.
//
// How a row's keys reach its state is a policy:
//
//     OneByOne   a step a key: a rolling cache of one layer, the same operations as the KV cache
//     Chunks     a block a chunk, merged (Rabe and Staats 2021)
//     Tiles      a tile absorbed at the new maximum (FlashAttention, Dao et al. 2022)
//
// Rows go in tiles as well, which share the reading of a key tile; that changes no row's operations.
#pragma once

#include "attention/online.hpp"
#include "attention/trace.hpp"
#include "attention/transformer/workspace.hpp"

namespace attest::attention {

/// The keys and values of one layer, [length, 2 kv_dim].
template <semantics::Scoring A>
struct KeyValues {
  Numbers<A> all;
  std::size_t width;
  KeyValue<A> operator[](std::size_t j) const noexcept { return {all.subspan(j * width, width)}; }
};

/// Where a tile of keys is scored and summed: the scores of a tile, and a numerator of head_dim.
template <semantics::Scoring A>
struct TileMemory {
  std::span<typename A::Score> scores;
  Numbers<A> numerator;
};

/// The values that a head reads of the keys from `first` on.
template <semantics::Scoring A>
struct HeadValues {
  const Layer<A>& layer;
  const KeyValues<A>& keys;
  std::size_t head, first;
  Numbers<A> operator[](std::size_t j) const noexcept {
    return layer.of_group(head, keys[first + j].value());
  }
};

struct OneByOne {
  static constexpr Words memory(const ModelShape&, std::size_t) { return {}; }
  template <semantics::Scoring A>
  static void read(const Layer<A>& layer, const Frame<A>& row, const KeyValues<A>& keys, std::size_t first,
                   std::size_t count, const TileMemory<A>&) noexcept {
    for (std::size_t j = first; j < first + count; ++j) layer.read_key(row, keys[j].key(), keys[j].value());
  }
};

/// Scores a tile for each head, and lets absorb(head's state, scores, values) take it in.
template <semantics::Scoring A, class Absorb>
void read_tile(const Layer<A>& layer, const Frame<A>& row, const KeyValues<A>& keys, std::size_t first,
               std::size_t count, std::span<typename A::Score> memory, const Absorb& absorb) noexcept {
  for (std::size_t head = 0; head < layer.model.shape.q_heads; ++head) {
    const auto scores = memory.first(count);
    for (std::size_t j = 0; j < count; ++j) scores[j] = layer.score(row, head, keys[first + j].key());
    State<A, Numbers<A>> state = layer.state_of(row, head);
    absorb(state, scores, HeadValues<A>{layer, keys, head, first});
    row.m[head] = state.m;
    row.l[head] = state.l;
  }
}

struct Chunks {
  static constexpr Words memory(const ModelShape& s, std::size_t tile) { return {s.head_dim, tile}; }
  template <semantics::Scoring A>
  static void read(const Layer<A>& layer, const Frame<A>& row, const KeyValues<A>& keys, std::size_t first,
                   std::size_t count, const TileMemory<A>& memory) noexcept {
    const A& k = layer.k;
    read_tile(layer, row, keys, first, count, memory.scores,
              [&](auto& state, const auto& scores, const auto& values) {
                State<A, Numbers<A>> chunk{scores[0], k.one(), memory.numerator};
                block_into(k, chunk, scores, values);
                merge_into(k, state, chunk);
              });
  }
};

struct Tiles {
  static constexpr Words memory(const ModelShape&, std::size_t tile) { return {0, tile}; }
  template <semantics::Scoring A>
  static void read(const Layer<A>& layer, const Frame<A>& row, const KeyValues<A>& keys, std::size_t first,
                   std::size_t count, const TileMemory<A>& memory) noexcept {
    read_tile(
        layer, row, keys, first, count, memory.scores,
        [&](auto& state, const auto& scores, const auto& values) { absorb(layer.k, state, scores, values); });
  }
};

/// Rows and keys that a tile holds.
struct TileShape {
  std::size_t rows = 1;
  std::size_t keys = 1;
};

/// L (d + 2 H_kv d_h), a query, state and numerator for each row of a tile, scratch, and the policy's.
template <class Policy>
constexpr Words forward_words(const ModelShape& s, std::size_t length, TileShape tile) {
  return length * (Words{s.hidden, 0} + key_value_words(s)) +
         tile.rows * Words{2 * s.q_dim() + s.q_heads, s.q_heads} + scratch_words(s) +
         Policy::memory(s, tile.keys);
}

template <class Policy, semantics::Scoring A, class Trace = NoTrace>
class Forward {
 public:
  /// Precondition: tile extents >= 1; `workspace` holds forward_words<Policy>(model.shape, length, tile).
  Forward(const A& k, const Transformer<typename A::Acc>& model, std::size_t length, TileShape tile,
          Workspace<A> workspace, Trace trace = {}) noexcept
      : k_(k), model_(model), length_(length), tile_(tile), workspace_(workspace), trace_(trace) {}

  /// Calls sink(t, output of the model at row t) for every row, after all layers.
  template <class Sink>
  void run(std::span<const std::uint32_t> tokens, const Sink& sink) const noexcept {
    for (std::size_t t = 0; t < length_; ++t) {
      trace_.leaf(t);
      std::ranges::copy(embedding<A>(model_, tokens[t]), x(t).begin());
    }
    for (const auto& weights : model_.layers) {
      const Layer<A> layer{k_, model_, weights, scratch()};
      for (std::size_t first = 0; first < length_; first += tile_.rows)
        rows(layer, first, std::min(first + tile_.rows, length_));
    }
    for (std::size_t t = 0; t < length_; ++t) sink(t, x(t));
  }

 private:
  // Rows first .. last - 1 of a layer; the keys before them are there already.
  void rows(const Layer<A>& layer, std::size_t first, std::size_t last) const noexcept {
    for (std::size_t t = first; t < last; ++t) {
      layer.begin_row(frame(t, first), t, keys()[t]);
      trace_.step();
    }
    for (std::size_t from = 0; from < last; from += tile_.keys) {
      for (std::size_t t = std::max(first, from + 1); t < last; ++t) {
        const std::size_t count = std::min(tile_.keys, t - from);
        Policy::read(layer, frame(t, first), keys(), from, count, tile_memory());
        for (std::size_t j = 0; j < count; ++j) trace_.step();
      }
    }
    for (std::size_t t = first; t < last; ++t) layer.end_row(frame(t, first));
  }

  // From the front: residuals, keys and values, scratch, the policy's memory, row frames.
  Numbers<A> x(std::size_t t) const noexcept {
    return workspace_.numbers.subspan(t * model_.shape.hidden, model_.shape.hidden);
  }
  KeyValues<A> keys() const noexcept {
    const std::size_t width = key_value_words(model_.shape).numbers;
    return {workspace_.numbers.subspan(length_ * model_.shape.hidden, length_ * width), width};
  }
  Workspace<A> after_rows() const noexcept {
    return workspace_.after(length_ * (Words{model_.shape.hidden, 0} + key_value_words(model_.shape)));
  }
  Scratch<A> scratch() const noexcept { return scratch_of<A>(model_.shape, after_rows()); }
  TileMemory<A> tile_memory() const noexcept {
    const Words words = Policy::memory(model_.shape, tile_.keys);
    const Workspace<A> rest = after_rows().after(scratch_words(model_.shape));
    return {rest.maxima.first(words.maxima), rest.numbers.first(words.numbers)};
  }
  Frame<A> frame(std::size_t t, std::size_t first) const noexcept {
    const std::size_t q = model_.shape.q_dim(), h = model_.shape.q_heads;
    const Words before = scratch_words(model_.shape) + Policy::memory(model_.shape, tile_.keys) +
                         (t - first) * Words{2 * q + h, h};
    const Workspace<A> rest = after_rows().after(before);
    return {x(t), rest.numbers.subspan(0, q), rest.numbers.subspan(q, q), rest.numbers.subspan(2 * q, h),
            rest.maxima.subspan(0, h)};
  }

  const A& k_;
  const Transformer<typename A::Acc>& model_;
  std::size_t length_;
  TileShape tile_;
  Workspace<A> workspace_;
  [[no_unique_address]] Trace trace_;
};

}  // namespace attest::attention
