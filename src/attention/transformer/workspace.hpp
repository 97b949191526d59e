// Working memory, in words: a word holds one number (a running max or any other number) of the semantics.
#pragma once

#include "attention/transformer/layer.hpp"

namespace attest::attention {

struct Words {
  std::size_t numbers = 0;
  std::size_t maxima = 0;  ///< kept apart: a score may be of another type

  constexpr std::size_t total() const { return numbers + maxima; }
  friend constexpr Words operator+(Words a, Words b) { return {a.numbers + b.numbers, a.maxima + b.maxima}; }
  friend constexpr Words operator*(std::size_t n, Words w) { return {n * w.numbers, n * w.maxima}; }
  friend constexpr bool operator==(Words, Words) = default;
};

/// d + 2 H d_h + 2 H: what a row keeps while a layer reads its keys.
constexpr Words frame_words(const ModelShape& s) { return {s.hidden + 2 * s.q_dim() + s.q_heads, s.q_heads}; }
/// d + MLP: what rows share.
constexpr Words scratch_words(const ModelShape& s) { return {s.hidden + s.mlp_hidden, 0}; }
/// 2 H_kv d_h: one key and its value.
constexpr Words key_value_words(const ModelShape& s) { return {2 * s.kv_dim(), 0}; }

/// All the memory that an evaluator may write, handed to it by its caller.
template <semantics::Scoring A>
struct Workspace {
  Numbers<A> numbers;
  std::span<typename A::Score> maxima;

  /// The same memory without its first `words`.
  Workspace after(Words words) const noexcept {
    return {numbers.subspan(words.numbers), maxima.subspan(words.maxima)};
  }
};

/// The frame at the start of a workspace.
template <semantics::Scoring A>
Frame<A> frame_of(const ModelShape& s, Workspace<A> w) noexcept {
  const std::size_t d = s.hidden, q = s.q_dim(), h = s.q_heads;
  return {w.numbers.subspan(0, d), w.numbers.subspan(d, q), w.numbers.subspan(d + q, q),
          w.numbers.subspan(d + 2 * q, h), w.maxima.subspan(0, h)};
}

/// The scratch at the start of a workspace.
template <semantics::Scoring A>
Scratch<A> scratch_of(const ModelShape& s, Workspace<A> w) noexcept {
  return {w.numbers.subspan(0, s.hidden), w.numbers.subspan(s.hidden, s.mlp_hidden)};
}

/// The embedding of a token: a read of the model, not of the workspace.
template <semantics::Scoring A>
ConstNumbers<A> embedding(const Transformer<typename A::Acc>& model, std::size_t token) noexcept {
  return ConstNumbers<A>(model.embed).subspan(token * model.shape.hidden, model.shape.hidden);
}

/// The final norm and the output matrix: calls emit(token, logit) for every token of the vocabulary, x being
/// the last layer's output and `normed` [hidden] scratch. No logit is stored.
template <semantics::Scoring A, class Emit>
void for_each_logit(const A& k, const Transformer<typename A::Acc>& model, ConstNumbers<A> x,
                    Numbers<A> normed, const Emit& emit) {
  rms_norm<A>(k, model.norm, x, normed);
  const std::size_t d = model.shape.hidden;
  for (std::size_t token = 0; token < model.shape.vocabulary; ++token)
    emit(token, dot(k, ConstNumbers<A>(model.output).subspan(token * d, d), normed));
}

}  // namespace attest::attention
