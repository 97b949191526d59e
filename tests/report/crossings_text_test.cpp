// What a reader is told of the crossings of features and shapes.
#include "report/check/crossings_text.hpp"

#include <gtest/gtest.h>

namespace attest::report {
namespace {

check::CoverageReport covered() {
  check::CoverageReport c;
  c.shapes = {"one key", "past 2^16 keys"};
  c.features = {{"softcap", {40, 9}}, {"head dims above 64", {1200, std::nullopt}}};
  c.wanted = 8;
  return c;
}

check::CoverageReport thin() {
  check::CoverageReport c = covered();
  c.features[0].cases = {0, 1};
  c.thin = {{"softcap", "one key", 0, 6, 0}, {"softcap", "past 2^16 keys", 1, 1, 5}};
  return c;
}

TEST(Crossings, AllCoveredIsOneSentence) {
  EXPECT_EQ(crossings_text(covered()), "covered 2 features x 2 shapes, every pair in at least 8 cases");
}

TEST(Crossings, WhatIsThinIsNamedWithWhyAndTheRestIsCounted) {
  EXPECT_EQ(crossings_text(thin()),
            "covered 2 features x 2 shapes, every pair in at least 8 cases, except softcap x one key "
            "(declined 6 times), softcap x past 2^16 keys (1 case; declined once, no such problem fits the "
            "contract's limits)");
  EXPECT_EQ(crossings_text(thin(), 1),
            "covered 2 features x 2 shapes, every pair in at least 8 cases, except softcap x one key "
            "(declined 6 times) and 1 more");
}

TEST(Crossings, WhereNoneWasAskedForTheyAreCounted) {
  check::CoverageReport c = thin();
  c.wanted = 0;
  EXPECT_EQ(crossings_text(c),
            "covered 2 of 3 pairs of 2 features and 2 shapes; higher efforts cover every pair");
}

TEST(Crossings, TheJsonHasTheWholeTable) {
  const auto json = crossings_json(thin());
  EXPECT_EQ(json["shapes"].size(), 2U);
  EXPECT_EQ(json["features"]["head dims above 64"][0], 1200);
  EXPECT_TRUE(json["features"]["head dims above 64"][1].is_null());
  EXPECT_EQ(json["wanted"], 8);
  EXPECT_EQ(json["fewest_cases"], 1);
  ASSERT_EQ(json["uncovered"].size(), 1U);
  EXPECT_EQ(json["uncovered"][0]["why"], "declined 6 times");
  ASSERT_EQ(json["thin"].size(), 1U);
  EXPECT_EQ(json["thin"][0]["undrawn"], 5);
}

}  // namespace
}  // namespace attest::report
