#include "check/dress.hpp"

#include <algorithm>
#include <cmath>

#include "check/shape.hpp"

namespace attest {
namespace {

// [batch|1, q_heads|1, q_len|1, kv_len]
std::vector<std::int64_t> score_shape(Draw& draw, const Problem& p, bool broadcast) {
  std::vector<std::int64_t> shape{p.batch(), p.q_heads(), p.q_len(), p.kv_len()};
  if (!broadcast) return shape;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (draw.chance(axis == 1 ? 0.7 : 0.5)) shape[axis] = 1;
  }
  return shape;
}

// Visible, with zeros in one of the ways in which masks have them.
double mask_bit(Draw& draw, int pattern, std::int64_t row, std::int64_t key, std::int64_t kv_len) {
  switch (pattern) {
    case 0:
      return draw.chance(0.5) ? 1 : 0;
    case 1:
      return draw.chance(0.9) ? 1 : 0;
    case 2:
      return key < kv_len - 1 ? 1 : 0;  // the last key is masked
    case 3:
      return key >= std::min<std::int64_t>(64, kv_len / 2) ? 1 : 0;  // a leading tile is masked
    case 4:
      return (row / 4 + key / 4) % 2 == 0 ? 1 : 0;  // blocks
    case 5:
      return row % 3 == 1 ? 0 : 1;  // whole rows are masked
    default:
      return key == (row * 7 + 3) % kv_len ? 0 : 1;  // one key a row
  }
}

Tensor draw_mask(Draw& draw, const Problem& p, bool broadcast) {
  Tensor mask(DType::u8, score_shape(draw, p, broadcast));
  const int pattern = static_cast<int>(draw.below(7));
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(mask.count()));
  for (std::int64_t at = 0; at < mask.count(); ++at) {
    const std::int64_t row = at / p.kv_len() % mask.dim(2);
    values.push_back(mask_bit(draw, pattern, row, at % p.kv_len(), p.kv_len()));
  }
  mask.assign(values);
  return mask;
}

Tensor draw_bias(Draw& draw, const Problem& p, bool broadcast, bool masking, double limit) {
  Tensor bias(DType::f32, score_shape(draw, p, broadcast));
  const double size = std::min(1.5, limit / 4);
  const double share = masking ? draw.pick({0.05, 0.3, 0.7}) : 0.0;
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(bias.count()));
  for (std::int64_t at = 0; at < bias.count(); ++at) {
    values.push_back(draw.chance(share) ? -HUGE_VAL : size * draw.normal());
  }
  bias.assign(values);
  return bias;
}

Tensor draw_heads_vector(Draw& draw, const Problem& p, double none_share, double size) {
  Tensor t(DType::f32, {p.q_heads()});
  std::vector<double> values;
  for (std::int64_t h = 0; h < p.q_heads(); ++h) {
    values.push_back(draw.chance(none_share) ? -HUGE_VAL : size * draw.normal());
  }
  t.assign(values);
  return t;
}

Tensor draw_slopes(Draw& draw, const Problem& p, double limit) {
  Tensor t(DType::f32, {p.q_heads()});
  const double farthest = static_cast<double>(std::max<std::int64_t>(1, p.kv_len() + p.q_len()));
  for (std::int64_t h = 0; h < p.q_heads(); ++h) {
    const double slope = draw.pick({1.0, 0.5, 0.25, 0.0625, 0.7071, -0.125});
    t.set({h}, std::clamp(slope, -limit / 4 / farthest, limit / 4 / farthest));
  }
  return t;
}

Tensor draw_kv_lens(Draw& draw, const Problem& p) {
  Tensor t(DType::i32, {p.batch()});
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    const std::int64_t n = p.kv_len();
    const double which = draw.unit();
    std::int64_t length = draw.below(n + 1);
    if (which < 0.3) length = std::max<std::int64_t>(0, n - 1);
    if (which > 0.5) length = draw_length(draw, std::max<std::int64_t>(1, n));
    if (which > 0.92) length = 0;
    t.set({b}, static_cast<double>(std::min(length, n)));
  }
  return t;
}

// Narrower than the sequence; 0 keeps the own position only.
std::int64_t draw_window(Draw& draw, const Problem& p) {
  const std::int64_t most = std::max<std::int64_t>(1, p.kv_len() - 1);
  return draw.chance(0.5) ? draw.below(std::min<std::int64_t>(8, most)) : draw.below(most);
}

double draw_scale(Draw& draw, const FeatureSet& wanted, std::int64_t d) {
  const double usual = 1 / std::sqrt(static_cast<double>(d));
  if (!wanted.has(Feature::scale)) return usual;
  if (wanted.has(Feature::zero_scale)) return 0;
  const double scale = usual * draw.pick({0.25, 0.7, 1.37, 2.0, 3.0});
  return wanted.has(Feature::negative_scale) ? -scale : scale;
}

}  // namespace

void dress(Draw& draw, const FeatureSet& wanted, double score_limit, Problem& p) {
  p.scale = draw_scale(draw, wanted, p.qk_dim());
  if (wanted.has(Feature::causal_top_left)) p.causal = Causal::top_left;
  if (wanted.has(Feature::causal_bottom_right)) p.causal = Causal::bottom_right;
  if (wanted.has(Feature::window_left)) p.window_left = draw_window(draw, p);
  if (wanted.has(Feature::window_right)) p.window_right = draw_window(draw, p);
  if (wanted.has(Feature::softcap)) p.softcap = draw.pick({0.75, 1.5, 4.0, 20.0});
  if (wanted.has(Feature::kv_lens)) p.kv_lens = draw_kv_lens(draw, p);
  const bool broadcast = wanted.has(Feature::broadcast);
  if (wanted.has(Feature::mask)) p.mask = draw_mask(draw, p, broadcast);
  if (wanted.has(Feature::bias)) {
    p.bias = draw_bias(draw, p, broadcast, wanted.has(Feature::masking_bias), score_limit);
  }
  if (wanted.has(Feature::alibi)) p.alibi_slopes = draw_slopes(draw, p, score_limit);
  if (wanted.has(Feature::sink)) {
    p.sink = draw_heads_vector(draw, p, 0.1, std::min(2.0, score_limit / 4));
  }
}

}  // namespace attest
