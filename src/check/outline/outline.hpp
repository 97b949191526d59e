// What of a problem decides whether a kernel takes it: everything but its numbers.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "check/outline/features.hpp"
#include "check/outline/shape.hpp"

namespace attest::check {

using DTypePair = std::pair<DType, DType>;  ///< of q and out, of k and v

struct Outline {
  Shape shape;
  DTypePair dtypes{DType::f32, DType::f32};
  /// Of the features that is_option names; those of shapes and dtypes follow from the other members.
  FeatureSet options;

  friend bool operator==(const Outline&, const Outline&) = default;
};

/// A choice that each problem has in addition to its extents and dtypes: causality, masks, layouts, scale,
/// lse.
bool is_option(Feature feature);
bool is_dtype(Feature feature);
/// Whether the option means nothing without another that the set lacks: a bias of -inf without a bias.
bool lacks_prerequisite(Feature option, const FeatureSet& set);
/// Those of an extent and of the heads.
void add_shape_features(FeatureSet& set, const Shape& shape);

Outline outline_of(const Problem& problem);
/// All of them, those of the shape and the dtypes included.
FeatureSet features_of(const Outline& outline);

/// How many queries there are compared with keys: kernels have paths of their own for each.
enum class Lengthwise : std::uint8_t {
  decode,        ///< one query, several keys
  square,        ///< as many queries as keys
  more_keys,     ///< several queries, and more keys
  more_queries,  ///< more queries than keys
  count_,
};
inline constexpr std::size_t kLengthwise = static_cast<std::size_t>(Lengthwise::count_);
Lengthwise lengthwise_of(std::int64_t q_len, std::int64_t kv_len);
/// "a single query against several keys", ...
std::string_view name_of(Lengthwise lengthwise);

/// "f32", "f32 with k and v in bf16".
std::string name_of(const DTypePair& dtypes);

/// Every pair of float types, those that kernels have most often first.
const std::array<DTypePair, 16>& all_dtypes();

}  // namespace attest::check
