// One layer of the transformer, cut where evaluators differ: what a row does before, while and after it reads
// the keys of earlier rows.
//
//     begin_row      norm, query, the row's own key and value; the state is that of the own key
//     read_key       one more key, as the recurrence reads it
//     end_row        attention output, residual, MLP, residual: x is the layer's output
//     key_value      the key and value of another row, from its input
//
// An evaluator decides only where those keys come from: a cache, or computed again (recompute.hpp).
#pragma once

#include <array>

#include "attention/recurrence.hpp"
#include "attention/transformer/vector.hpp"

namespace attest::attention {

/// One row inside one layer. Spans into a workspace, all of them.
template <semantics::Scoring A>
struct Frame {
  Numbers<A> x;                    ///< [hidden]: the layer's input, then its output
  Numbers<A> q;                    ///< [q_dim]
  Numbers<A> o;                    ///< [q_dim]: numerators, then the attention output
  Numbers<A> l;                    ///< [q_heads]: denominators
  std::span<typename A::Score> m;  ///< [q_heads]: running maxima
};

/// What rows share because none of it outlives a row's turn.
template <semantics::Scoring A>
struct Scratch {
  Numbers<A> normed;  ///< [hidden]
  Numbers<A> mlp;     ///< [mlp_hidden]
};

/// A key and its value, side by side: [2 * kv_dim].
template <semantics::Scoring A>
struct KeyValue {
  Numbers<A> both;
  Numbers<A> key() const { return both.first(both.size() / 2); }
  Numbers<A> value() const { return both.last(both.size() / 2); }
};

template <semantics::Scoring A>
struct Layer {
  const A& k;
  const Transformer<typename A::Acc>& model;
  const LayerWeights<typename A::Acc>& weights;
  Scratch<A> scratch;

  /// The key and value of the row at `position` whose input to this layer is x. Writes scratch.normed.
  void key_value(ConstNumbers<A> x, std::size_t position, KeyValue<A> kv) const noexcept {
    rms_norm<A>(k, weights.attention_norm, x, scratch.normed);
    product<A>(k, weights.k, scratch.normed, kv.key());
    product<A>(k, weights.v, scratch.normed, kv.value());
    rotate<A>(k, model.rope, position, kv.key());
  }

  /// frame.x holds the row's input. Writes kv, q and the state: the own key, then the layer's prefix.
  void begin_row(const Frame<A>& frame, std::size_t position, KeyValue<A> kv) const noexcept {
    key_value(frame.x, position, kv);
    product<A>(k, weights.q, scratch.normed, frame.q);
    rotate<A>(k, model.rope, position, frame.q);
    start(frame, kv.key(), kv.value());
    const std::size_t n = model.shape.kv_dim();
    for (std::size_t p = 0; p < model.shape.prefix; ++p) {
      read_key(frame, ConstNumbers<A>(weights.prefix_keys).subspan(p * n, n),
               ConstNumbers<A>(weights.prefix_values).subspan(p * n, n));
    }
  }

  /// One more key for all heads of the row.
  void read_key(const Frame<A>& frame, ConstNumbers<A> key, ConstNumbers<A> value) const noexcept {
    if constexpr (semantics::Tallies<A>) {
      k.tally(read_cost(model.shape));
    } else {
      for (std::size_t head = 0; head < model.shape.q_heads; ++head) {
        State<A, Numbers<A>> state = state_of(frame, head);
        step(k, state, score(frame, head, key), of_group(head, value));
        frame.m[head] = state.m;
        frame.l[head] = state.l;
      }
    }
  }

  /// frame.x becomes the layer's output. Writes the scratch.
  void end_row(const Frame<A>& frame) const noexcept {
    finish_attention(frame);
    add_product<A>(k, weights.o, frame.o, frame.x);
    rms_norm<A>(k, weights.mlp_norm, frame.x, scratch.normed);
    gated_units();
    add_product<A>(k, weights.down, scratch.mlp, frame.x);
  }

  /// The scaled score of a key against a head's query.
  typename A::Score score(const Frame<A>& frame, std::size_t head, ConstNumbers<A> key) const noexcept {
    const auto scale = k.number(1 / std::sqrt(static_cast<double>(model.shape.head_dim)));
    return k.score(k.mul(dot(k, of_head(head, frame.q), of_group(head, key)), scale));
  }

  State<A, Numbers<A>> state_of(const Frame<A>& frame, std::size_t head) const noexcept {
    return {frame.m[head], frame.l[head], of_head(head, frame.o)};
  }

  /// A head's part of [q_dim] numbers.
  template <class Span>
  Span of_head(std::size_t head, Span heads) const noexcept {
    return heads.subspan(head * model.shape.head_dim, model.shape.head_dim);
  }
  /// A query head's part of [kv_dim] numbers: heads of a group share it (Ainslie et al. 2023).
  template <class Span>
  Span of_group(std::size_t head, Span groups) const noexcept {
    return of_head(head * model.shape.kv_heads / model.shape.q_heads, groups);
  }

  static constexpr semantics::OperationCounts key_value_cost(const ModelShape& s) {
    return norm_cost(s.hidden) + product_cost(2 * s.kv_dim(), s.hidden) + rotation_cost(s.kv_dim());
  }
  static constexpr semantics::OperationCounts score_cost(const ModelShape& s) {
    return dot_cost(s.head_dim) + semantics::OperationCounts{.mul = 1};
  }
  static constexpr semantics::OperationCounts read_cost(const ModelShape& s) {
    const std::size_t v = s.head_dim;
    return s.q_heads * (score_cost(s) +
                        semantics::OperationCounts{
                            .max = 1, .sub = 3, .exp = 3, .probability = 1, .add = 1 + v, .mul = 2 + 3 * v});
  }
  static constexpr semantics::OperationCounts begin_cost(const ModelShape& s) {
    return key_value_cost(s) + product_cost(s.q_dim(), s.hidden) + rotation_cost(s.q_dim()) + start_cost(s) +
           s.prefix * read_cost(s);
  }
  static constexpr semantics::OperationCounts end_cost(const ModelShape& s) {
    return semantics::OperationCounts{.add = 2 * s.hidden, .div = s.q_dim()} +
           product_cost(s.hidden, s.q_dim()) + norm_cost(s.hidden) + product_cost(s.hidden, s.mlp_hidden) +
           gated_cost(s);
  }

 private:
  static constexpr semantics::OperationCounts start_cost(const ModelShape& s) {
    return s.q_heads * (score_cost(s) +
                        semantics::OperationCounts{.sub = 1, .exp = 1, .probability = 1, .mul = s.head_dim});
  }
  static constexpr semantics::OperationCounts gated_cost(const ModelShape& s) {
    return product_cost(2 * s.mlp_hidden, s.hidden) +
           s.mlp_hidden * semantics::OperationCounts{.sub = 1, .exp = 1, .add = 1, .mul = 1, .div = 1};
  }

  // The state of the row's own key alone.
  void start(const Frame<A>& frame, ConstNumbers<A> key, ConstNumbers<A> value) const noexcept {
    if constexpr (semantics::Tallies<A>) {
      k.tally(start_cost(model.shape));
    } else {
      for (std::size_t head = 0; head < model.shape.q_heads; ++head) {
        State<A, Numbers<A>> state = state_of(frame, head);
        block_into(k, state, std::array{score(frame, head, key)}, std::array{of_group(head, value)});
        frame.m[head] = state.m;
        frame.l[head] = state.l;
      }
    }
  }

  void finish_attention(const Frame<A>& frame) const noexcept {
    if constexpr (semantics::Tallies<A>) {
      k.tally({.div = model.shape.q_dim()});
    } else {
      for (std::size_t head = 0; head < model.shape.q_heads; ++head)
        finalize_into(k, state_of(frame, head), of_head(head, frame.o));
    }
  }

  // SwiGLU (Shazeer 2020): silu(gate) * up, silu(x) = x / (1 + exp(-x)).
  void gated_units() const noexcept {
    if constexpr (semantics::Tallies<A>) {
      k.tally(gated_cost(model.shape));
    } else {
      const std::size_t n = model.shape.hidden;
      const auto zero = k.score(k.number(0.0));
      for (std::size_t i = 0; i < scratch.mlp.size(); ++i) {
        const auto gate = dot(k, ConstNumbers<A>(weights.gate).subspan(i * n, n), scratch.normed);
        const auto up = dot(k, ConstNumbers<A>(weights.up).subspan(i * n, n), scratch.normed);
        const auto denominator = k.add(k.one(), k.exp(k.sub(zero, k.score(gate))));
        scratch.mlp[i] = k.mul(k.div(gate, denominator), up);
      }
    }
  }
};

}  // namespace attest::attention
