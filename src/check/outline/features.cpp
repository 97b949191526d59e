#include "check/outline/features.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "check/outline/outline.hpp"

namespace attest::check {
namespace {

struct FeatureRow {
  std::string_view name, word;
  double chance = 0;
  std::optional<Tensor> Problem::*input = nullptr;
};

constexpr std::array<FeatureRow, kFeatures> kRows{{
#define ATTEST_FEATURE(id, name, word, chance) {name, word, chance, nullptr},
#define ATTEST_INPUT_FEATURE(id, member, name, word, chance) {name, word, chance, &Problem::member},
#include "check/outline/features.def"
}};

const FeatureRow& row_of(Feature feature) { return kRows.at(static_cast<std::size_t>(feature)); }

bool holds_minus_infinity(const Tensor& t) {
  const std::vector<double> values = t.values();
  return std::find(values.begin(), values.end(), -HUGE_VAL) != values.end();
}

bool broadcasts(const Problem& p, const Input& input) {
  const Tensor* t = input.of(p);
  for (std::size_t axis = 0; t != nullptr && axis < input.rank; ++axis) {
    const auto [role, may] = input.axes[axis];
    if (may && t->dim(axis) != extent_of(p, role)) return true;
  }
  return false;
}

void add_input_features(FeatureSet& set, const Problem& p) {
  for (std::size_t f = 0; f < kFeatures; ++f) {
    const Input* input = input_behind(static_cast<Feature>(f));
    set.add(static_cast<Feature>(f), input != nullptr && input->of(p) != nullptr);
  }
  for (const Input& input : kInputs) set.add(Feature::broadcast, broadcasts(p, input));
  set.add(Feature::masking_bias, p.bias && holds_minus_infinity(*p.bias));
}

void add_score_features(FeatureSet& set, const Problem& p) {
  set.add(Feature::causal_top_left, p.causal == Causal::top_left);
  set.add(Feature::causal_bottom_right, p.causal == Causal::bottom_right);
  set.add(Feature::window_left, p.window_left != -1);
  set.add(Feature::window_right, p.window_right != -1);
  set.add(Feature::softcap, p.softcap != 0);
  set.add(Feature::scale, p.scale != 1 / std::sqrt(static_cast<double>(p.qk_dim())));
  set.add(Feature::negative_scale, p.scale < 0);
  set.add(Feature::zero_scale, p.scale == 0);
  set.add(Feature::lse, p.want_lse);
}

// As a kernel sees it. Axes of extent 1 have no layout.
FeatureSet layout_features(const std::vector<std::int64_t>& shape, const std::vector<std::int64_t>& strides) {
  FeatureSet set;
  const std::int64_t stored = storage_elements(shape, strides);
  if (stored == 0) return set;
  std::int64_t packed = 1;
  std::int64_t inner = 0;
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    if (shape[axis] == 1) continue;
    const std::int64_t stride = strides[axis];
    set.add(Feature::repeated, stride == 0);
    if (stride == 0) continue;
    set.add(Feature::permuted, stride < inner);
    inner = std::max(inner, stride);
    packed *= shape[axis];
  }
  set.add(Feature::padded, stored > packed);
  set.add(Feature::far_offsets, stored - 1 >= std::int64_t{1} << 31);
  return set;
}

FeatureSet layout_features(const Tensor& t) { return layout_features(t.shape(), t.memory_strides()); }

// One feature for whatever way a tensor is strided in.
void add_strides(FeatureSet& set, Feature feature, const FeatureSet& layout) {
  set.add(feature, layout.any());
  set.add(Feature::far_offsets, layout.has(Feature::far_offsets));
}

void add_layout_features(FeatureSet& set, const Problem& p) {
  for (const Input& input : required_inputs()) set |= layout_features(*input.of(p));
  for (const Input& input : optional_inputs()) {
    const Feature strided = input.is_vector() ? Feature::strided_vectors : Feature::strided_scores;
    if (const Tensor* t = input.of(p)) add_strides(set, strided, layout_features(*t));
  }
  add_strides(set, Feature::strided_out, layout_features(p.out_shape(), out_strides_of(p)));
  if (p.want_lse) add_strides(set, Feature::strided_out, layout_features(p.lse_shape(), lse_strides_of(p)));
  set.add(Feature::shared_address, k_lies_in_q(p) || v_lies_in_k(p));
}

void add_dtype_features(FeatureSet& set, DType dtype) {
  set.add(Feature::f64, dtype == DType::f64);
  set.add(Feature::f32, dtype == DType::f32);
  set.add(Feature::f16, dtype == DType::f16);
  set.add(Feature::bf16, dtype == DType::bf16);
}

}  // namespace

std::string_view name_of(Feature feature) { return row_of(feature).name; }
std::string_view word_of(Feature feature) { return row_of(feature).word; }
double usual_chance(Feature feature) { return row_of(feature).chance; }

const Input* input_behind(Feature feature) {
  const auto member = row_of(feature).input;
  if (member == nullptr) return nullptr;
  const auto found = std::find_if(
      optional_inputs().begin(), optional_inputs().end(),
      [&](const Input& input) { return std::get<std::optional<Tensor> Problem::*>(input.member) == member; });
  return &*found;
}

FeatureSet features_of(const Problem& p) {
  FeatureSet set;
  add_input_features(set, p);
  add_score_features(set, p);
  add_shape_features(set,
                     {p.batch(), p.q_heads(), p.kv_heads(), p.q_len(), p.kv_len(), p.qk_dim(), p.v_dim()});
  add_layout_features(set, p);
  for (const Input& input : required_inputs()) add_dtype_features(set, input.of(p)->dtype());
  set.add(Feature::mixed_dtypes, p.q.dtype() != p.k.dtype());
  return set;
}

}  // namespace attest::check
