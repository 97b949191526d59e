#include "check/outline/outline.hpp"

#include <fmt/format.h>

namespace attest::check {
namespace {

// Whether the set has an optional input of the kind.
bool has_input(const FeatureSet& set, bool (*of_kind)(const Input&)) {
  for (std::size_t f = 0; f < kFeatures; ++f) {
    const Input* input = set.test(f) ? input_behind(static_cast<Feature>(f)) : nullptr;
    if (input != nullptr && of_kind(*input)) return true;
  }
  return false;
}

bool is_of_shape(Feature f) { return f >= Feature::several_heads && f <= Feature::unequal_dims; }

}  // namespace

bool is_dtype(Feature f) { return f >= Feature::f64 && f <= Feature::bf16; }

bool is_option(Feature f) { return !is_dtype(f) && !is_of_shape(f) && f != Feature::mixed_dtypes; }

bool lacks_prerequisite(Feature option, const FeatureSet& set) {
  switch (option) {
    case Feature::masking_bias:
      return !set.has(Feature::bias);
    case Feature::broadcast:
    case Feature::strided_scores:
      return !has_input(set, [](const Input& input) { return input.per_score(); });
    case Feature::strided_vectors:
      return !has_input(set, [](const Input& input) { return input.is_vector(); });
    case Feature::negative_scale:
    case Feature::zero_scale:
      return !set.has(Feature::scale);
    default:
      return false;
  }
}

void add_shape_features(FeatureSet& set, const Shape& s) {
  set.add(Feature::several_heads, s.q_heads > 1);
  set.add(Feature::grouped_heads, s.q_heads != s.kv_heads);
  set.add(Feature::several_batches, s.batch > 1);
  set.add(Feature::nothing, s.batch * s.q_len * s.kv_len == 0);
  set.add(Feature::single_query, s.q_len == 1);
  set.add(Feature::longer_keys, s.kv_len > s.q_len);
  set.add(Feature::longer_queries, s.q_len > s.kv_len);
  set.add(Feature::odd_dims, s.qk_dim % 8 != 0 || s.v_dim % 8 != 0);
  set.add(Feature::wide_dims, s.qk_dim > 64 || s.v_dim > 64);
  set.add(Feature::unequal_dims, s.qk_dim != s.v_dim);
}

Outline outline_of(const Problem& p) {
  Outline outline;
  outline.shape = {p.batch(), p.q_heads(), p.kv_heads(), p.q_len(), p.kv_len(), p.qk_dim(), p.v_dim()};
  outline.dtypes = {p.q.dtype(), p.k.dtype()};
  const FeatureSet features = features_of(p);
  for (std::size_t f = 0; f < kFeatures; ++f) {
    if (is_option(static_cast<Feature>(f)) && features.test(f)) outline.options.set(f);
  }
  return outline;
}

FeatureSet features_of(const Outline& outline) {
  FeatureSet set = outline.options;
  add_shape_features(set, outline.shape);
  for (const DType dtype : {outline.dtypes.first, outline.dtypes.second}) {
    set.add(Feature::f64, dtype == DType::f64);
    set.add(Feature::f32, dtype == DType::f32);
    set.add(Feature::f16, dtype == DType::f16);
    set.add(Feature::bf16, dtype == DType::bf16);
  }
  set.add(Feature::mixed_dtypes, outline.dtypes.first != outline.dtypes.second);
  return set;
}

Lengthwise lengthwise_of(std::int64_t q_len, std::int64_t kv_len) {
  if (q_len == kv_len) return Lengthwise::square;
  if (q_len > kv_len) return Lengthwise::more_queries;
  return q_len == 1 ? Lengthwise::decode : Lengthwise::more_keys;
}

std::string_view name_of(Lengthwise lengthwise) {
  static constexpr std::array<std::string_view, kLengthwise> kNames{
      "a single query against several keys", "as many queries as keys", "several queries and more keys",
      "more queries than keys"};
  return kNames.at(static_cast<std::size_t>(lengthwise));
}

std::string name_of(const DTypePair& dtypes) {
  const std::string_view q = name_of(dtypes.first);
  return dtypes.first == dtypes.second ? std::string(q)
                                       : fmt::format("{} with k and v in {}", q, name_of(dtypes.second));
}

const std::array<DTypePair, 16>& all_dtypes() {
  constexpr DType f64 = DType::f64;
  constexpr DType f32 = DType::f32;
  constexpr DType f16 = DType::f16;
  constexpr DType bf16 = DType::bf16;
  static const std::array<DTypePair, 16> list{{{f32, f32},
                                               {f16, f16},
                                               {bf16, bf16},
                                               {f32, f16},
                                               {f32, bf16},
                                               {f64, f64},
                                               {bf16, f16},
                                               {f16, bf16},
                                               {f16, f32},
                                               {bf16, f32},
                                               {f64, f32},
                                               {f64, f16},
                                               {f64, bf16},
                                               {f32, f64},
                                               {f16, f64},
                                               {bf16, f64}}};
  return list;
}

}  // namespace attest::check
