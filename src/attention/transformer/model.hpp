// A decoder-only transformer: its shape, and its weights by the names that a safetensors file gives them.
//
// Llama's architecture (Touvron et al. 2023): RMSNorm before attention and before the MLP, rotary positions,
// grouped-query attention without biases, SwiGLU, an output matrix of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "semantics/concept.hpp"

namespace attest::attention {

struct ModelShape {
  std::size_t layers = 3, hidden = 64, q_heads = 4, kv_heads = 2, head_dim = 16, mlp_hidden = 176;
  std::size_t vocabulary = 256;
  std::size_t prefix = 0;  ///< learned keys and values that every row of a layer sees (prefix tuning)

  constexpr std::size_t q_dim() const { return q_heads * head_dim; }
  constexpr std::size_t kv_dim() const { return kv_heads * head_dim; }
  friend bool operator==(const ModelShape&, const ModelShape&) = default;
};

/// One sentence that says why no model has this shape; empty when one can: all but prefix at least 1, an even
/// head_dim, q_heads a multiple of kv_heads.
std::string why_not(const ModelShape& shape);

/// Numbers in all tensors, as a double: no product of extents overflows it.
double parameters_of(const ModelShape& shape);

inline constexpr double kNormEpsilon = 1e-5;
inline constexpr double kRopeBase = 10000;

/// Matrices are row-major [rows, columns] and act on columns: y = W x.
template <class Number>
struct LayerWeights {
  std::vector<Number> attention_norm;              ///< [hidden]
  std::vector<Number> q, k, v;                     ///< [q_dim or kv_dim, hidden]
  std::vector<Number> o;                           ///< [hidden, q_dim]
  std::vector<Number> mlp_norm;                    ///< [hidden]
  std::vector<Number> gate, up;                    ///< [mlp_hidden, hidden]
  std::vector<Number> down;                        ///< [hidden, mlp_hidden]
  std::vector<Number> prefix_keys, prefix_values;  ///< [prefix, kv_dim]; keys are not rotated
};

template <class Number>
struct Transformer {
  ModelShape shape;
  std::vector<Number> embed;  ///< [vocabulary, hidden]
  std::vector<LayerWeights<Number>> layers;
  std::vector<Number> norm;    ///< [hidden]
  std::vector<Number> output;  ///< [vocabulary, hidden]
  std::vector<double> rope;    ///< [head_dim / 2]: radians a position, base^(-2i / head_dim) for the pair i
};

/// Calls visit(name, dimensions, tensor) for every tensor of a model, in the order of a forward pass. `Some`
/// is Transformer<Number> or const Transformer<Number>; layers holds shape.layers elements. `dimensions` has
/// one or two.
template <class Some, class Visit>
void for_each_tensor(Some& model, const Visit& visit) {
  using Dimensions = std::vector<std::size_t>;
  const ModelShape& s = model.shape;
  visit("embed.weight", Dimensions{s.vocabulary, s.hidden}, model.embed);
  for (std::size_t n = 0; n < s.layers; ++n) {
    auto& layer = model.layers[n];
    const std::string prefix = "layers." + std::to_string(n) + ".";
    visit(prefix + "attention_norm.weight", Dimensions{s.hidden}, layer.attention_norm);
    visit(prefix + "q.weight", Dimensions{s.q_dim(), s.hidden}, layer.q);
    visit(prefix + "k.weight", Dimensions{s.kv_dim(), s.hidden}, layer.k);
    visit(prefix + "v.weight", Dimensions{s.kv_dim(), s.hidden}, layer.v);
    visit(prefix + "o.weight", Dimensions{s.hidden, s.q_dim()}, layer.o);
    visit(prefix + "mlp_norm.weight", Dimensions{s.hidden}, layer.mlp_norm);
    visit(prefix + "gate.weight", Dimensions{s.mlp_hidden, s.hidden}, layer.gate);
    visit(prefix + "up.weight", Dimensions{s.mlp_hidden, s.hidden}, layer.up);
    visit(prefix + "down.weight", Dimensions{s.hidden, s.mlp_hidden}, layer.down);
    if (s.prefix > 0) {
      visit(prefix + "prefix_keys", Dimensions{s.prefix, s.kv_dim()}, layer.prefix_keys);
      visit(prefix + "prefix_values", Dimensions{s.prefix, s.kv_dim()}, layer.prefix_values);
    }
  }
  visit("norm.weight", Dimensions{s.hidden}, model.norm);
  visit("output.weight", Dimensions{s.vocabulary, s.hidden}, model.output);
}

/// base^(-2i / head_dim), i < head_dim / 2.
std::vector<double> rope_frequencies(const ModelShape& shape);

/// Normal weights of deviation 1/sqrt(columns) (norms: around 1), a function of shape and seed. The shape
/// must have no why_not.
Transformer<float> random_model(const ModelShape& shape, std::uint64_t seed);

/// The model with its weights rounded to the numbers of k.
template <semantics::Scoring A>
Transformer<typename A::Acc> model_in(const A& k, const Transformer<float>& model) {
  Transformer<typename A::Acc> result{model.shape, {}, {}, {}, {}, model.rope};
  result.layers.resize(model.shape.layers);
  std::vector<std::vector<typename A::Acc>*> targets;
  for_each_tensor(result, [&](const auto&, const auto&, auto& tensor) { targets.push_back(&tensor); });
  std::size_t next = 0;
  for_each_tensor(model, [&](const auto&, const auto&, const std::vector<float>& tensor) {
    std::vector<typename A::Acc>& target = *targets[next++];
    target.reserve(tensor.size());
    for (const float weight : tensor) target.push_back(k.number(static_cast<double>(weight)));
  });
  return result;
}

}  // namespace attest::attention
