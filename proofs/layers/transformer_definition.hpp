// The transformer as its papers define it, in whole sequences of vectors: every row of a layer from the
// inputs of all rows. One order of operations, that of attention/transformer, written without its code.
#pragma once

#include <cmath>

#include "attention/online.hpp"
#include "attention/transformer/model.hpp"

namespace attest::proofs {

/// How a row reads the keys of earlier rows: one after another, or in tiles that begin at multiples of
/// `size`, merged or absorbed.
enum class Reading : std::uint8_t { steps, merged, absorbed };

template <class A>
class TransformerDefinition {
 public:
  using X = typename A::Acc;
  using Vector = std::vector<X>;
  using Rows = std::vector<Vector>;

  TransformerDefinition(const A& k, const attention::Transformer<X>& model, Reading reading, std::size_t size)
      : k_(k), model_(model), s_(model.shape), reading_(reading), size_(size) {}

  /// The outputs of the last layer, before the final norm.
  Rows rows(const std::vector<std::uint32_t>& tokens) const {
    Rows x;
    for (const std::uint32_t token : tokens) x.push_back(part(model_.embed, token, s_.hidden));
    for (const auto& weights : model_.layers) x = layer(weights, x);
    return x;
  }
  Vector logits(const Vector& x) const { return times(model_.output, norm(model_.norm, x)); }

 private:
  static Vector part(const Vector& all, std::size_t index, std::size_t size) {
    Vector result;
    for (std::size_t i = 0; i < size; ++i) result.push_back(all[index * size + i]);
    return result;
  }
  X dot(const Vector& a, const Vector& b) const {
    X sum = k_.mul(a[0], b[0]);
    for (std::size_t i = 1; i < b.size(); ++i) sum = k_.add(sum, k_.mul(a[i], b[i]));
    return sum;
  }
  Vector times(const Vector& matrix, const Vector& x) const {
    Vector y;
    for (std::size_t row = 0; row * x.size() < matrix.size(); ++row)
      y.push_back(dot(part(matrix, row, x.size()), x));
    return y;
  }
  Vector plus(const Vector& a, const Vector& b) const {
    Vector sum;
    for (std::size_t i = 0; i < a.size(); ++i) sum.push_back(k_.add(a[i], b[i]));
    return sum;
  }
  Vector norm(const Vector& weight, const Vector& x) const {
    const X mean = k_.div(dot(x, x), k_.number(static_cast<double>(s_.hidden)));
    const X factor = k_.div(k_.one(), k_.sqrt(k_.add(mean, k_.number(1e-5))));
    Vector y;
    for (std::size_t i = 0; i < x.size(); ++i) y.push_back(k_.mul(k_.mul(x[i], factor), weight[i]));
    return y;
  }
  Vector turned(const Vector& heads, std::size_t position) const {
    Vector y = heads;
    const std::size_t pairs = s_.head_dim / 2;
    for (std::size_t n = 0; n < heads.size() / 2; ++n) {
      const double exponent = -2.0 * static_cast<double>(n % pairs) / static_cast<double>(s_.head_dim);
      const double angle = static_cast<double>(position) * std::pow(10000.0, exponent);
      const X c = k_.number(std::cos(angle));
      const X s = k_.number(std::sin(angle));
      const X minus_s = k_.number(-std::sin(angle));
      y[2 * n] = k_.add(k_.mul(heads[2 * n], c), k_.mul(heads[2 * n + 1], minus_s));
      y[2 * n + 1] = k_.add(k_.mul(heads[2 * n], s), k_.mul(heads[2 * n + 1], c));
    }
    return y;
  }

  using Scores = std::vector<typename A::Score>;
  struct Keys {
    Rows keys, values;  // of all kv heads, a row each
  };

  typename A::Score score(const Vector& query, const Vector& key) const {
    const X scale = k_.number(1 / std::sqrt(static_cast<double>(s_.head_dim)));
    return k_.score(k_.mul(dot(query, key), scale));
  }

  // The attention output of one head at row t: its own key, the prefix, then rows 0 .. t - 1.
  Vector attend(const Vector& query, const Keys& prefix, const Keys& keys, std::size_t group,
                std::size_t t) const {
    const auto head = [&](const Rows& rows, std::size_t j) { return part(rows[j], group, s_.head_dim); };
    attention::State<A> state =
        attention::block(k_, Scores{score(query, head(keys.keys, t))}, Rows{head(keys.values, t)});
    for (std::size_t p = 0; p < prefix.keys.size(); ++p)
      attention::step(k_, state, score(query, head(prefix.keys, p)), head(prefix.values, p));
    for (std::size_t from = 0; from < t; from += size_) {
      Scores scores;
      Rows values;
      for (std::size_t j = from; j < std::min(from + size_, t); ++j) {
        scores.push_back(score(query, head(keys.keys, j)));
        values.push_back(head(keys.values, j));
      }
      if (reading_ == Reading::steps) attention::step(k_, state, scores[0], values[0]);
      if (reading_ == Reading::merged)
        state = attention::merge(k_, state, attention::block(k_, scores, values));
      if (reading_ == Reading::absorbed) attention::absorb(k_, state, scores, values);
    }
    return attention::finalize(k_, state);
  }

  Vector gated(const attention::LayerWeights<X>& w, const Vector& x) const {
    const Vector gate = times(w.gate, x);
    const Vector up = times(w.up, x);
    Vector y;
    for (std::size_t i = 0; i < gate.size(); ++i) {
      const X exponential = k_.exp(k_.sub(k_.score(k_.number(0)), k_.score(gate[i])));
      y.push_back(k_.mul(k_.div(gate[i], k_.add(k_.one(), exponential)), up[i]));
    }
    return y;
  }

  Rows layer(const attention::LayerWeights<X>& w, const Rows& x) const {
    Rows queries;
    Keys keys, prefix;
    for (std::size_t t = 0; t < x.size(); ++t) {
      const Vector normed = norm(w.attention_norm, x[t]);
      queries.push_back(turned(times(w.q, normed), t));
      keys.keys.push_back(turned(times(w.k, normed), t));
      keys.values.push_back(times(w.v, normed));
    }
    const std::size_t kv = s_.kv_heads * s_.head_dim;
    for (std::size_t p = 0; p < s_.prefix; ++p) {
      prefix.keys.push_back(part(w.prefix_keys, p, kv));
      prefix.values.push_back(part(w.prefix_values, p, kv));
    }
    Rows outputs;
    for (std::size_t t = 0; t < x.size(); ++t) {
      Vector heads;
      for (std::size_t head = 0; head < s_.q_heads; ++head) {
        const Vector o =
            attend(part(queries[t], head, s_.head_dim), prefix, keys, head / (s_.q_heads / s_.kv_heads), t);
        heads.insert(heads.end(), o.begin(), o.end());
      }
      const Vector attended = plus(x[t], times(w.o, heads));
      outputs.push_back(plus(attended, times(w.down, gated(w, norm(w.mlp_norm, attended)))));
    }
    return outputs;
  }

  const A& k_;
  const attention::Transformer<X>& model_;
  const attention::ModelShape& s_;
  Reading reading_;
  std::size_t size_;
};

}  // namespace attest::proofs
