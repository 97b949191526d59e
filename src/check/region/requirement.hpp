// What --require names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/outline/features.hpp"
#include "check/region/axis.hpp"

namespace attest::check {

/// A dtype, a feature or an extent.
struct Requirement {
  std::string text;  ///< as the user wrote it: "f16", "causal", "head-dim:128"
  std::optional<DType> dtype;
  std::optional<Feature> feature;
  bool either_alignment = false;  ///< of "causal": rows may be aligned to the first key as well
  std::optional<Axis> axis;
  std::int64_t value = 0;  ///< of the axis
};

/// What can be required: a name and what it means.
struct RequirableName {
  std::string name, meaning;
};
const std::vector<RequirableName>& requirable_names();

/// Parses "f16,causal,head-dim:128". Throws std::invalid_argument with one sentence that names the invalid
/// word.
std::vector<Requirement> requirements_from(std::string_view text);

}  // namespace attest::check
