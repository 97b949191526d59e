#include "check/outline/features.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "check/outline/outline.hpp"

namespace attest {
namespace {

constexpr std::array<std::string_view, kFeatures> kNames{
    "causal=top-left",
    "causal=bottom-right",
    "window to the left",
    "window to the right",
    "softcap",
    "bias",
    "bias of -inf",
    "mask",
    "broadcast bias or mask",
    "alibi",
    "sink",
    "kv_lens",
    "several heads",
    "fewer key/value heads than query heads",
    "several batches",
    "an extent of 0",
    "a single query",
    "more keys than queries",
    "more queries than keys",
    "head dims not multiples of 8",
    "head dims above 64",
    "qk_dim other than v_dim",
    "permuted layout",
    "padded layout",
    "stride 0",
    "strided bias or mask",
    "strided slopes, sink or kv_lens",
    "strided out or lse",
    "inputs at one address",
    "element offsets past 2^31",
    "scale other than 1/sqrt(d)",
    "negative scale",
    "scale 0",
    "lse",
    "f64",
    "f32",
    "f16",
    "bf16",
    "k and v in another dtype than q",
};

bool holds_minus_infinity(const Tensor& t) {
  const std::vector<double> values = t.values();
  return std::find(values.begin(), values.end(), -HUGE_VAL) != values.end();
}

bool broadcasts(const Problem& p, const std::optional<Tensor>& t) {
  if (!t) return false;
  return t->dim(0) != p.batch() || t->dim(1) != p.q_heads() || t->dim(2) != p.q_len();
}

void add_score_features(FeatureSet& set, const Problem& p) {
  set.add(Feature::causal_top_left, p.causal == Causal::top_left);
  set.add(Feature::causal_bottom_right, p.causal == Causal::bottom_right);
  set.add(Feature::window_left, p.window_left != -1);
  set.add(Feature::window_right, p.window_right != -1);
  set.add(Feature::softcap, p.softcap != 0);
  set.add(Feature::bias, p.bias.has_value());
  set.add(Feature::masking_bias, p.bias && holds_minus_infinity(*p.bias));
  set.add(Feature::mask, p.mask.has_value());
  set.add(Feature::broadcast, broadcasts(p, p.bias) || broadcasts(p, p.mask));
  set.add(Feature::alibi, p.alibi_slopes.has_value());
  set.add(Feature::sink, p.sink.has_value());
  set.add(Feature::kv_lens, p.kv_lens.has_value());
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
  for (const Tensor* t : {&p.q, &p.k, &p.v}) set |= layout_features(*t);
  for (const auto* t : {&p.bias, &p.mask}) {
    if (*t) add_strides(set, Feature::strided_scores, layout_features(**t));
  }
  for (const auto* t : {&p.alibi_slopes, &p.sink, &p.kv_lens}) {
    if (*t) add_strides(set, Feature::strided_vectors, layout_features(**t));
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

std::string_view name_of(Feature feature) { return kNames.at(static_cast<std::size_t>(feature)); }

FeatureSet features_of(const Problem& p) {
  FeatureSet set;
  add_score_features(set, p);
  add_shape_features(set,
                     {p.batch(), p.q_heads(), p.kv_heads(), p.q_len(), p.kv_len(), p.qk_dim(), p.v_dim()});
  add_layout_features(set, p);
  for (const Tensor* t : {&p.q, &p.k, &p.v}) add_dtype_features(set, t->dtype());
  set.add(Feature::mixed_dtypes, p.q.dtype() != p.k.dtype());
  return set;
}

}  // namespace attest
