// What a problem uses beyond the plainest attention: the unit in which kernels decline, and findings are
// explained.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "problem/inputs.hpp"

namespace attest::check {

/// What each is stands in features.def.
enum class Feature : std::uint8_t {
#define ATTEST_FEATURE(id, name, word, chance) id,
#include "check/outline/features.def"
  count_,
};
inline constexpr std::size_t kFeatures = static_cast<std::size_t>(Feature::count_);

class FeatureSet : public std::bitset<kFeatures> {
 public:
  using std::bitset<kFeatures>::bitset;
  bool has(Feature f) const { return test(static_cast<std::size_t>(f)); }
  void add(Feature f, bool on = true) {
    if (on) set(static_cast<std::size_t>(f));
  }
  bool subset_of(const FeatureSet& other) const { return (*this & ~other).none(); }
};

/// "causal=bottom-right", "softcap", "head dims not multiples of 8", ...
std::string_view name_of(Feature feature);
/// Its name on a command line: "causal-bottom-right", "gqa"; empty where no kernel can be asked for it.
std::string_view word_of(Feature feature);
/// The probability that generators give it unless they are told otherwise; for dtypes and lengths, a weight.
double usual_chance(Feature feature);
/// The optional input whose presence the feature is; null for other features.
const Input* input_behind(Feature feature);
FeatureSet features_of(const Problem& problem);

}  // namespace attest::check
