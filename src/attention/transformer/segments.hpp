// Between the cache and the constant space: the outputs of every h-th layer are cached, those between
// recomputed.
//
// With h = 1 every layer's input is cached; with h = layers nothing is. Row t (1-based) reads C(t + h - 1, h)
// inputs in each segment of h layers, embeddings in the first and cached outputs in the others.
#pragma once

#include "attention/transformer/recompute.hpp"

namespace attest::attention {

/// Segments of h layers, the last perhaps shorter.
constexpr std::size_t segments_of(const ModelShape& s, std::size_t h) { return (s.layers + h - 1) / h; }

/// min(h, N) frames, a key and scratch; and L d for every segment but the last.
constexpr Words segment_words(const ModelShape& s, std::size_t length, std::size_t h) {
  return std::min(h, s.layers) * frame_words(s) + key_value_words(s) + scratch_words(s) +
         Words{(segments_of(s, h) - 1) * length * s.hidden, 0};
}

/// The cached outputs of a layer, [length, hidden].
template <semantics::Scoring A>
struct CachedOutputs {
  Numbers<A> rows;
  std::size_t hidden;
  Numbers<A> operator()(std::size_t j) const noexcept { return rows.subspan(j * hidden, hidden); }
};

/// All rows, one after another: calls sink(t, output of the model at row t). Precondition: h >= 1; the
/// workspace holds segment_words(model.shape, tokens.size(), h).
template <semantics::Scoring A, class Sink, class Trace = NoTrace>
void run_segments(const A& k, const Transformer<typename A::Acc>& model,
                  std::span<const std::uint32_t> tokens, std::size_t h, Workspace<A> workspace,
                  const Sink& sink, Trace trace = {}) noexcept {
  const ModelShape& s = model.shape;
  const std::size_t n = tokens.size() * s.hidden;
  const std::size_t segments = segments_of(s, h);
  const Numbers<A> caches = workspace.numbers.last((segments - 1) * n);
  const auto cache = [&](std::size_t i) { return CachedOutputs<A>{caches.subspan(i * n, n), s.hidden}; };
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    for (std::size_t i = 0; i < segments; ++i) {
      const std::size_t depth = std::min(h, s.layers - i * h);
      const auto output = [&](auto source) {
        return Recompute<A, decltype(source), Trace>(k, model, i * h, depth, source, workspace, trace).row(t);
      };
      const ConstNumbers<A> x = i == 0 ? output(TapeSource<A>{model, tokens}) : output(cache(i - 1));
      if (i + 1 < segments) {
        std::ranges::copy(x, cache(i)(t).begin());
      } else {
        sink(t, x);
      }
    }
  }
}

}  // namespace attest::attention
