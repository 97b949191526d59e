#include "check/outline/features.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "check/outline/feature_meanings.hpp"
#include "check/outline/outline.hpp"

namespace attest::check {
namespace {

TEST(Features, EveryOptionalInputIsOneAndCanBeAskedFor) {
  std::multiset<const Input*> behind;
  for (std::size_t f = 0; f < kFeatures; ++f) {
    const auto feature = static_cast<Feature>(f);
    const Input* input = input_behind(feature);
    if (input == nullptr) continue;
    behind.insert(input);
    EXPECT_TRUE(is_option(feature)) << name_of(feature);
    EXPECT_FALSE(word_of(feature).empty()) << name_of(feature);
    EXPECT_GT(usual_chance(feature), 0) << name_of(feature);
  }
  for (const Input& input : optional_inputs()) EXPECT_EQ(behind.count(&input), 1U) << input.name;
  EXPECT_EQ(behind.size(), optional_inputs().size());
}

TEST(Features, OfInputsHaveAMeaningWithoutBeingGivenOne) {
  for (const Input& input : optional_inputs()) {
    const std::string meaning(meaning_of_input(input));
    EXPECT_NE(meaning.find(std::string(input.name) + " " + shape_text(input)), std::string::npos) << meaning;
  }
}

TEST(Features, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names, words;
  for (std::size_t f = 0; f < kFeatures; ++f) {
    const auto feature = static_cast<Feature>(f);
    EXPECT_TRUE(names.insert(name_of(feature)).second) << name_of(feature);
    if (word_of(feature).empty()) continue;
    EXPECT_TRUE(words.insert(word_of(feature)).second) << word_of(feature);
  }
}

TEST(Features, StridesOfAnInputNeedOneOfItsKind) {
  for (std::size_t f = 0; f < kFeatures; ++f) {
    const auto feature = static_cast<Feature>(f);
    const Input* input = input_behind(feature);
    FeatureSet set;
    set.add(feature);
    EXPECT_EQ(lacks_prerequisite(Feature::strided_vectors, set), input == nullptr || !input->is_vector());
    EXPECT_EQ(lacks_prerequisite(Feature::strided_scores, set), input == nullptr || !input->per_score());
  }
}

}  // namespace
}  // namespace attest::check
