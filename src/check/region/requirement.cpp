#include "check/region/requirement.hpp"

#include <array>
#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

#include "check/outline/feature_meanings.hpp"

namespace attest::check {
namespace {

struct NamedAxis {
  std::string_view name;
  Axis axis;
  std::string_view meaning;
};
constexpr std::array<NamedAxis, 6> kAxisNames{{
    {"head-dim", Axis::dim, "qk_dim and v_dim N"},
    {"q-len", Axis::q_len, "N queries"},
    {"kv-len", Axis::kv_len, "N keys"},
    {"batch", Axis::batch, "N batches"},
    {"kv-heads", Axis::kv_heads, "N key/value heads"},
    {"group", Axis::group, "N query heads per key/value head"},
}};
constexpr std::int64_t kLargestExtent = 1 << 16;

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1 || value > kLargestExtent)
    return std::nullopt;
  return value;
}

Requirement requirement_from(std::string_view word) {
  Requirement made;
  made.text = word;
  const std::size_t colon = word.find(':');
  const std::string_view name = word.substr(0, colon);
  for (const NamedAxis& named : kAxisNames) {
    if (named.name != name) continue;
    const auto value = colon == std::string_view::npos ? std::nullopt : number_in(word.substr(colon + 1));
    if (!value)
      throw std::invalid_argument(
          fmt::format("{} needs a number from 1 to {}: {}:64", name, kLargestExtent, name));
    made.axis = named.axis;
    made.value = *value;
    return made;
  }
  if (colon == std::string_view::npos) {
    if (name == "causal") {
      made.feature = Feature::causal_bottom_right;
      made.either_alignment = true;
    }
    if (const auto dtype = dtype_from_name(name); dtype && is_floating(*dtype)) made.dtype = dtype;
    for (std::size_t f = 0; f < kFeatures; ++f) {
      const auto feature = static_cast<Feature>(f);
      if (!name.empty() && word_of(feature) == name) made.feature = feature;
    }
    if (made.feature || made.dtype) return made;
  }
  throw std::invalid_argument(
      fmt::format("'{}' is not a dtype, feature or extent (see attest list features)", word));
}

}  // namespace

const std::vector<RequirableName>& requirable_names() {
  static const std::vector<RequirableName> names = [] {
    std::vector<RequirableName> list;
    for (const DType dtype : {DType::f64, DType::f32, DType::f16, DType::bf16})
      list.push_back({std::string(name_of(dtype)), "q, k and v in this dtype"});
    list.push_back({"causal", "causal rows, aligned to the first or to the last key"});
    for (std::size_t f = 0; f < kFeatures; ++f) {
      const auto feature = static_cast<Feature>(f);
      if (const std::string_view word = word_of(feature); !word.empty())
        list.push_back({std::string(word), std::string(meaning_of(feature))});
    }
    for (const NamedAxis& named : kAxisNames)
      list.push_back({std::string(named.name) + ":N", std::string(named.meaning)});
    return list;
  }();
  return names;
}

std::vector<Requirement> requirements_from(std::string_view text) {
  std::vector<Requirement> requirements;
  while (true) {
    const std::size_t comma = text.find(',');
    requirements.push_back(requirement_from(text.substr(0, comma)));
    if (comma == std::string_view::npos) return requirements;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace attest::check
