// Charts of attest's own forms and evaluators.
#include "report/page/own_html.hpp"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

namespace attest::report::page {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++found;
  return found;
}

TEST(GrowthHtml, DrawsTheWorstFormOfEachPrecisionAndEndsTheBoundWhereThereIsNone) {
  forms::ErrorGrowth growth;
  growth.most_keys = 16;
  const std::string inputs = forms::growth_inputs()[0].name;
  growth.points = {{"sequential", "f32", inputs, 4, 0.01, 0.1, 0.1},
                   {"sequential", "f32", inputs, 16, 0.02, HUGE_VAL, 0},
                   {"tree", "f32", inputs, 4, 0.1, 1, 0.1},
                   {"tree", "f32", inputs, 16, 0.001, 1, 0.001},
                   {"tree", "f16", inputs, 4, 0, 1, 0}};
  const std::string drawn = growth_html(growth).markup();
  // From 0.01 to 1: the tree's 0.1 at 4 keys is halfway up; the sequential form's 0.02 at 16 keys is below.
  EXPECT_EQ(count(drawn, "class=\"line s0\" d=\"M52.0 99.0L350.0 161.2\""), 1U) << drawn;
  EXPECT_EQ(count(drawn, "class=\"line dashed s0\" d=\"M52.0 10.0\""), 1U) << drawn;
  EXPECT_EQ(count(drawn, "no certificate"), 2U) << drawn;     // of the table, and of the note
  EXPECT_EQ(count(drawn, "class=\"mark s1\""), 1U) << drawn;  // the key of f16: an error of 0 is not drawn
  EXPECT_EQ(count(drawn, "<figure>"), forms::growth_inputs().size());
}

space::FrontierPoint point(const std::string& name, std::size_t words, std::uint64_t steps, bool counted) {
  space::FrontierPoint p;
  p.name = name;
  p.layers = 2;
  p.length = 256;
  p.words = words;
  p.steps = counted ? steps : 0;
  p.counted = counted;
  p.closed_form = attention::Work{};
  p.closed_form->steps = steps;
  return p;
}

TEST(FrontierHtml, TellsWhatWasRunFromWhatAFormulaSays) {
  space::SpaceReport report;
  report.frontiers = {{point("recompute", 10, 10000, false), point("cache", 1000, 10, true)}, {}};
  const std::string drawn = frontier_html(report).markup();
  EXPECT_EQ(count(drawn, "class=\"mark hollow s0\" d=\"M49.0 10.0"), 1U) << drawn;
  EXPECT_EQ(count(drawn, "class=\"mark s0\" d=\"M347.0 188.0"), 1U) << drawn;
  EXPECT_EQ(count(drawn, "1e+04 (not run)"), 1U) << drawn;
  EXPECT_EQ(count(drawn, "2 layers, 256 tokens, by formula"), 1U) << drawn;
  EXPECT_EQ(count(drawn, "class=\"line dashed s0\" d=\"M52.0 10.0L350.0 188.0\""), 1U) << drawn;
}

}  // namespace
}  // namespace attest::report::page
