// The transformer as its papers define it: whole matrices, a softmax in two passes, nothing shared with src/.
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "attention/transformer/model.hpp"

namespace attest::attention {

/// All rows and logits of a model, in long double, by the textbook.
class Dense {
 public:
  using Vector = std::vector<long double>;
  explicit Dense(const Transformer<float>& model) : s_(model.shape) {
    for_each_tensor(model, [&](const std::string& name, const auto&, const std::vector<float>& tensor) {
      tensors_[name] = Vector(tensor.begin(), tensor.end());
    });
  }

  /// Outputs of the last layer, before the final norm.
  std::vector<Vector> rows(const std::vector<std::uint32_t>& tokens) const {
    std::vector<Vector> x;
    for (const std::uint32_t token : tokens) {
      const Vector& embed = tensors_.at("embed.weight");
      const long double* from = embed.data() + token * s_.hidden;
      x.emplace_back(from, from + s_.hidden);
    }
    for (std::size_t n = 0; n < s_.layers; ++n) x = layer("layers." + std::to_string(n) + ".", x);
    return x;
  }

  Vector logits(const Vector& row) const { return times("output.weight", normed("norm.weight", row)); }

 private:
  Vector times(const std::string& name, const Vector& x) const {
    const Vector& w = tensors_.at(name);
    Vector y(w.size() / x.size());
    for (std::size_t i = 0; i < w.size(); ++i) y[i / x.size()] += w[i] * x[i % x.size()];
    return y;
  }
  Vector normed(const std::string& name, const Vector& x) const {
    long double squares = 0;
    for (const long double e : x) squares += e * e;
    Vector y = x;
    for (std::size_t i = 0; i < x.size(); ++i)
      y[i] *= tensors_.at(name)[i] / std::sqrt(squares / static_cast<long double>(x.size()) + 1e-5L);
    return y;
  }
  Vector turned(Vector heads, std::size_t position) const {
    for (std::size_t at = 0; at < heads.size(); at += 2) {
      const auto i = static_cast<long double>(at % s_.head_dim);
      const long double angle =
          static_cast<long double>(position) * std::pow(10000.0L, -i / static_cast<long double>(s_.head_dim));
      const long double a = heads[at], b = heads[at + 1];
      heads[at] = a * std::cos(angle) - b * std::sin(angle);
      heads[at + 1] = b * std::cos(angle) + a * std::sin(angle);
    }
    return heads;
  }
  std::vector<Vector> layer(const std::string& name, const std::vector<Vector>& x) const;

  ModelShape s_;
  std::map<std::string, Vector> tensors_;
};

inline std::vector<Dense::Vector> Dense::layer(const std::string& name, const std::vector<Vector>& x) const {
  std::vector<Vector> keys, values, result;
  for (std::size_t p = 0; p < s_.prefix; ++p) {
    const auto part = [&](const std::string& tensor) {
      const Vector& all = tensors_.at(name + tensor);
      const std::size_t width = all.size() / s_.prefix;
      const long double* from = all.data() + p * width;
      return Vector(from, from + width);
    };
    keys.push_back(part("prefix_keys"));
    values.push_back(part("prefix_values"));
  }
  for (std::size_t t = 0; t < x.size(); ++t) {
    const Vector n = normed(name + "attention_norm.weight", x[t]);
    const Vector q = turned(times(name + "q.weight", n), t);
    keys.push_back(turned(times(name + "k.weight", n), t));
    values.push_back(times(name + "v.weight", n));
    Vector attention(q.size());
    for (std::size_t h = 0; h < s_.q_heads; ++h) {
      const std::size_t from = h * s_.head_dim, group = h / (s_.q_heads / s_.kv_heads) * s_.head_dim;
      long double weights = 0;
      for (std::size_t j = 0; j < keys.size(); ++j) {
        long double score = 0;
        for (std::size_t c = 0; c < s_.head_dim; ++c) score += q[from + c] * keys[j][group + c];
        const long double weight = std::exp(score / std::sqrt(static_cast<long double>(s_.head_dim)));
        weights += weight;
        for (std::size_t c = 0; c < s_.head_dim; ++c) attention[from + c] += weight * values[j][group + c];
      }
      for (std::size_t c = 0; c < s_.head_dim; ++c) attention[from + c] /= weights;
    }
    Vector y = x[t];
    const Vector projected = times(name + "o.weight", attention);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += projected[i];
    const Vector m = normed(name + "mlp_norm.weight", y);
    Vector gate = times(name + "gate.weight", m);
    const Vector up = times(name + "up.weight", m);
    for (std::size_t i = 0; i < gate.size(); ++i) gate[i] *= up[i] / (1 + std::exp(-gate[i]));
    const Vector down = times(name + "down.weight", gate);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] += down[i];
    result.push_back(y);
  }
  return result;
}

}  // namespace attest::attention
