#include "attention/transformer/model.hpp"

#include <cmath>

#include "numerics/draw.hpp"

namespace attest::attention {

std::string why_not(const ModelShape& s) {
  const auto zero = [](std::size_t n) { return n == 0; };
  if (zero(s.layers)) return "a model needs at least 1 layer";
  if (zero(s.hidden) || zero(s.mlp_hidden) || zero(s.vocabulary))
    return "hidden, MLP and vocabulary sizes must be at least 1";
  if (zero(s.q_heads) || zero(s.kv_heads) || s.q_heads % s.kv_heads != 0)
    return "query heads must be a multiple of key heads, and both at least 1";
  if (zero(s.head_dim) || s.head_dim % 2 != 0)
    return "the head dimension must be even and at least 2: rotary positions turn pairs";
  return "";
}

double parameters_of(const ModelShape& s) {
  const auto number = [](std::size_t n) { return static_cast<double>(n); };
  const double d = number(s.hidden), q = number(s.q_heads) * number(s.head_dim);
  const double kv = number(s.kv_heads) * number(s.head_dim);
  const double layer = 2 * d * (1 + q + kv) + 3 * d * number(s.mlp_hidden) + 2 * number(s.prefix) * kv;
  return number(s.layers) * layer + d * (1 + 2 * number(s.vocabulary));
}

std::vector<double> rope_frequencies(const ModelShape& shape) {
  std::vector<double> frequencies;
  for (std::size_t i = 0; i < shape.head_dim / 2; ++i) {
    frequencies.push_back(
        std::pow(kRopeBase, -2.0 * static_cast<double>(i) / static_cast<double>(shape.head_dim)));
  }
  return frequencies;
}

Transformer<float> random_model(const ModelShape& shape, std::uint64_t seed) {
  Transformer<float> model{shape, {}, std::vector<LayerWeights<float>>(shape.layers),
                           {},    {}, rope_frequencies(shape)};
  Draw draw{rc::Random(seed)};
  for_each_tensor(model, [&](const std::string& name, const auto& dimensions, std::vector<float>& tensor) {
    const bool norm = dimensions.size() == 1;
    const bool input = name == "embed.weight" || name.find("prefix") != std::string::npos;
    const double deviation = norm ? 0.1 : input ? 1 : 1 / std::sqrt(static_cast<double>(dimensions.back()));
    std::size_t elements = 1;
    for (const std::size_t extent : dimensions) elements *= extent;
    for (std::size_t i = 0; i < elements; ++i) {
      tensor.push_back(static_cast<float>((norm ? 1 : 0) + deviation * draw.normal()));
    }
  });
  return model;
}

}  // namespace attest::attention
