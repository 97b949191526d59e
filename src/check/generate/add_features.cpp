#include "check/generate/add_features.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>

#include "check/outline/shape.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::check {
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

constexpr int kMaskPatterns = 11;

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
    case 6:
      return key == kv_len - 1 ? 1 : 0;  // only the last key is visible
    case 7:
      return key >= 3 * kv_len / 4 ? 1 : 0;  // whole leading splits are empty
    case 8:
      return std::abs(2 * key + 1 - kv_len) <= std::min<std::int64_t>(16, kv_len) ? 1 : 0;  // one tile
    case 9:
      return key == std::min<std::int64_t>(64, kv_len - 1) ? 1 : 0;  // only the first key after a tile of 64
    default:
      return key == (row * 7 + 3) % kv_len ? 0 : 1;  // one key a row
  }
}

Tensor draw_mask(Draw& draw, const Problem& p, bool broadcast) {
  Tensor mask(DType::u8, score_shape(draw, p, broadcast));
  const int pattern = static_cast<int>(draw.below(kMaskPatterns));
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(mask.count()));
  for (std::int64_t at = 0; at < mask.count(); ++at) {
    const std::int64_t row = at / p.kv_len() % mask.dim(2);
    values.push_back(mask_bit(draw, pattern, row, at % p.kv_len(), p.kv_len()));
  }
  mask.assign(values);
  return mask;
}

// What is written where -inf would do: finite, and no weight is left. Down to the most negative numbers of
// f16, bf16 (rounded) and f32.
constexpr std::array<double, 6> kFloors{-1e4, -65504, -1e9, -1e30, -3e38, -std::numeric_limits<float>::max()};
constexpr double kFloorShare = 0.35;  // of biases
constexpr double kOrdinarySize = 1.5;
constexpr double kMostOrdinary = kOrdinarySize * 4;  // a normal number is below sqrt(12)

double draw_floor(Draw& draw, double most, bool any) {
  std::vector<double> floors;
  for (const double floor : kFloors) {
    if (any || -floor <= most) floors.push_back(floor);
  }
  return floors.empty() ? -most : draw.pick(floors);
}

using IsLow = std::function<bool(std::int64_t row, std::int64_t key)>;

// Keys with such a bias, among ordinary ones.
IsLow draw_low_keys(Draw& draw, std::int64_t kv_len) {
  const std::int64_t part =
      std::min(kv_len - 1, draw.pick<std::int64_t>({16, 64, kv_len / 2, 3 * kv_len / 4}));
  switch (draw.below(4)) {
    case 0: {
      const double share = draw.pick({0.05, 0.3, 0.7});
      return [&draw, share](auto, auto) { return draw.chance(share); };
    }
    case 1:
      return [=](std::int64_t row, std::int64_t key) { return key != (row * 7 + 3) % kv_len; };
    case 2:
      return [=](auto, std::int64_t key) { return key < part; };
    default:
      return [=](auto, std::int64_t key) { return key >= kv_len - part; };
  }
}

Tensor draw_bias_values(Draw& draw, Tensor bias, double size, double masked_share, double floor,
                        const IsLow& low) {
  const std::int64_t keys = bias.dim(3);
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(bias.count()));
  for (std::int64_t at = 0; at < bias.count(); ++at) {
    const double ordinary = low(at / keys % bias.dim(2), at % keys) ? floor : size * draw.normal();
    values.push_back(draw.chance(masked_share) ? -HUGE_VAL : ordinary);
  }
  bias.assign(values);
  return bias;
}

// Whether some row sees keys, and only such as have this bias or less: scores that are all so large say
// little.
bool some_row_sees_low_keys_only(const Problem& p, double low) {
  bool found = false;
  laws::for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
    if (found) return;
    const std::vector<std::int64_t> keys = oracle::visible_keys(p, b, h, i);
    found = !keys.empty() && std::all_of(keys.begin(), keys.end(), [&](std::int64_t j) {
      return p.bias->at({b, h, i, j}) <= low;
    });
  });
  return found;
}

double most_hiding_bias(const GenContext& context, const FeatureSet& wanted, const Problem& p) {
  const DType q = p.q.dtype();
  const oracle::ContractSet contract = oracle::contract_for(context.contract, q, p.k.dtype());
  return hiding_bias_limit(contract, q, p.kv_len(), wanted.has(Feature::alibi));
}

// After everything else that hides keys.
void draw_bias(Draw& draw, const GenContext& context, const FeatureSet& wanted, const Limits& limits,
               Problem& p) {
  const bool masking = wanted.has(Feature::masking_bias);
  const Tensor bias(DType::f32, score_shape(draw, p, wanted.has(Feature::broadcast)));
  const double size = std::min(kOrdinarySize, limits.score / 4);
  const double share = masking ? draw.pick({0.05, 0.3, 0.7}) : 0.0;
  const bool any = context.uncertified_biases;
  const int attempts = any ? 1 : draw.chance(kFloorShare) ? 4 : 0;
  const double most = attempts > 0 ? most_hiding_bias(context, wanted, p) : 0;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const double floor = draw_floor(draw, most, any);
    p.bias = draw_bias_values(draw, bias, size, share, floor, draw_low_keys(draw, p.kv_len()));
    if (any || !some_row_sees_low_keys_only(p, floor / 2)) return;
  }
  p.bias = draw_bias_values(draw, bias, size, share, 0, [](auto, auto) { return false; });
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

constexpr double kWideWindowShare = 0.3;

// Narrower than the sequence, 0 keeps the own position only; or around its end and far beyond, where a limit
// kept in 32 bits, or a position plus the limit, wraps.
std::int64_t draw_window(Draw& draw, const Problem& p) {
  if (draw.chance(kWideWindowShare)) {
    const std::int64_t n = p.kv_len();
    constexpr std::int64_t k2To31 = std::int64_t{1} << 31;
    return draw.pick<std::int64_t>({std::max<std::int64_t>(0, n - 1), n, n + 1, k2To31 - 1, k2To31,
                                    2 * k2To31 + 3, std::numeric_limits<std::int64_t>::max()});
  }
  const std::int64_t most = std::max<std::int64_t>(1, p.kv_len() - 1);
  return draw.chance(0.5) ? draw.below(std::min<std::int64_t>(8, most)) : draw.below(most);
}

void draw_windows(Draw& draw, const FeatureSet& wanted, Problem& p) {
  const bool left = wanted.has(Feature::window_left);
  const bool right = wanted.has(Feature::window_right);
  if (left) p.window_left = draw_window(draw, p);
  if (right) p.window_right = draw_window(draw, p);
  // The own position and what follows it: a left limit of 0 is not the absence of one.
  if (left && right && draw.chance(0.35)) p.window_left = 0;
}

double draw_scale(Draw& draw, const FeatureSet& wanted, std::int64_t d) {
  const double usual = 1 / std::sqrt(static_cast<double>(d));
  if (!wanted.has(Feature::scale)) return usual;
  if (wanted.has(Feature::zero_scale)) return 0;
  const double scale = usual * draw.pick({0.25, 0.7, 1.37, 2.0, 3.0});
  return wanted.has(Feature::negative_scale) ? -scale : scale;
}

}  // namespace

void add_features(Draw& draw, const GenContext& context, const FeatureSet& wanted, const Limits& limits,
                  Problem& p) {
  p.scale = draw_scale(draw, wanted, p.qk_dim());
  if (wanted.has(Feature::causal_top_left)) p.causal = Causal::top_left;
  if (wanted.has(Feature::causal_bottom_right)) p.causal = Causal::bottom_right;
  draw_windows(draw, wanted, p);
  if (wanted.has(Feature::softcap)) p.softcap = draw.pick({0.75, 1.5, 4.0, 20.0});
  if (wanted.has(Feature::kv_lens)) p.kv_lens = draw_kv_lens(draw, p);
  const bool broadcast = wanted.has(Feature::broadcast);
  if (wanted.has(Feature::mask)) p.mask = draw_mask(draw, p, broadcast);
  if (wanted.has(Feature::bias)) {
    draw_bias(draw, context, wanted, limits, p);
  }
  if (wanted.has(Feature::alibi)) p.alibi_slopes = draw_slopes(draw, p, limits.score);
  if (wanted.has(Feature::sink)) {
    p.sink = draw_heads_vector(draw, p, 0.1, std::min(2.0, limits.score / 4));
  }
}

void drop_hiding_biases(Problem& p) {
  if (!p.bias) return;
  std::vector<double> values = p.bias->values();
  const auto hides = [](double bias) { return std::isfinite(bias) && bias < -kMostOrdinary; };
  if (std::none_of(values.begin(), values.end(), hides)) return;
  if (!some_row_sees_low_keys_only(p, -kMostOrdinary)) return;
  std::replace_if(values.begin(), values.end(), hides, 0.0);
  p.bias->assign(values);
}

}  // namespace attest::check
