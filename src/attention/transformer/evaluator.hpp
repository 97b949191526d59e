// The evaluators of a transformer, as data: which one, and its parameter.
#pragma once

#include "attention/transformer/forward.hpp"
#include "attention/transformer/kv_cache.hpp"
#include "attention/transformer/recompute.hpp"
#include "attention/transformer/row_blocks.hpp"
#include "attention/transformer/segments.hpp"

namespace attest::attention {

enum class EvaluatorKind : std::uint8_t {
  recompute,   ///< constant space (recompute.hpp)
  row_blocks,  ///< `parameter` rows at a time (row_blocks.hpp)
  segments,    ///< every `parameter`-th layer cached (segments.hpp)
  kv_cache,    ///< every layer's keys and values cached (kv_cache.hpp)
  rolling,     ///< one layer's, rolled from layer to layer (forward.hpp)
  chunked,     ///< the same, keys in chunks of `parameter` (Rabe and Staats)
  tiled,       ///< the same, rows and keys in tiles of `parameter` (FlashAttention)
};

struct Evaluator {
  EvaluatorKind kind = EvaluatorKind::recompute;
  std::size_t parameter = 1;  ///< >= 1; without meaning for recompute, kv_cache and rolling
  friend constexpr bool operator==(const Evaluator&, const Evaluator&) = default;
};

constexpr TileShape tile_of(const Evaluator& e) {
  if (e.kind == EvaluatorKind::tiled) return {e.parameter, e.parameter};
  return {1, e.kind == EvaluatorKind::chunked ? e.parameter : 1};
}

/// The working words that an evaluator takes, to the word: for recompute they do not depend on the length.
/// A tile counts whole, also where the rows have too few earlier keys to fill it.
constexpr Words words_of(const Evaluator& e, const ModelShape& s, std::size_t length) {
  switch (e.kind) {
    case EvaluatorKind::row_blocks:
      return row_block_words(s, e.parameter);
    case EvaluatorKind::segments:
      return segment_words(s, length, e.parameter);
    case EvaluatorKind::kv_cache:
      return kv_cache_words(s, length);
    case EvaluatorKind::rolling:
      return forward_words<OneByOne>(s, length, tile_of(e));
    case EvaluatorKind::chunked:
      return forward_words<Chunks>(s, length, tile_of(e));
    case EvaluatorKind::tiled:
      return forward_words<Tiles>(s, length, tile_of(e));
    case EvaluatorKind::recompute:
      break;
  }
  return recompute_words(s);
}

/// All rows: calls sink(t, output of the model at row t, before the final norm) in turn. Allocates nothing
/// unless a number of k does. Precondition: `workspace` holds words_of(e, model.shape, tokens.size()), and
/// tokens are below the vocabulary.
template <semantics::Scoring A, class Sink, class Trace = NoTrace>
void evaluate(const Evaluator& e, const A& k, const Transformer<typename A::Acc>& model,
              std::span<const std::uint32_t> tokens, Workspace<A> w, const Sink& sink,
              Trace trace = {}) noexcept {
  const std::size_t length = tokens.size();
  switch (e.kind) {
    case EvaluatorKind::recompute:
      for (std::size_t t = 0; t < length; ++t)
        sink(t, recompute_row<A, Trace>(k, model, tokens, t, w, trace));
      return;
    case EvaluatorKind::row_blocks:
      return RowBlocks<A, Trace>(k, model, tokens, e.parameter, w, trace).run(sink);
    case EvaluatorKind::segments:
      return run_segments<A, Sink, Trace>(k, model, tokens, e.parameter, w, sink, trace);
    case EvaluatorKind::kv_cache: {
      KvCache<A, Trace> cache(k, model, length, w, trace);
      for (std::size_t t = 0; t < length; ++t) sink(t, cache.append(tokens[t]));
      return;
    }
    case EvaluatorKind::rolling:
      return Forward<OneByOne, A, Trace>(k, model, length, tile_of(e), w, trace).run(tokens, sink);
    case EvaluatorKind::chunked:
      return Forward<Chunks, A, Trace>(k, model, length, tile_of(e), w, trace).run(tokens, sink);
    case EvaluatorKind::tiled:
      return Forward<Tiles, A, Trace>(k, model, length, tile_of(e), w, trace).run(tokens, sink);
  }
}

/// Do the rows have the bits of the KV cache's? (The same operations in the same order within each row;
/// chunks and tiles round otherwise.)
constexpr bool keeps_bits(const Evaluator& e) {
  return e.kind != EvaluatorKind::chunked && e.kind != EvaluatorKind::tiled;
}

}  // namespace attest::attention
