// Features crossed with classes of shapes: what a campaign counts, asks for, and says that it never saw.

#include "check/campaign/coverage.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "check/campaign/campaign.hpp"
#include "check/campaign/case_plan.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

constexpr std::int64_t kLongest = (1 << 16) + 4;

bool among(ShapeClasses classes, ShapeClass shape) { return classes.test(static_cast<std::size_t>(shape)); }

FeatureSet set_of(std::initializer_list<Feature> features) {
  FeatureSet set;
  for (const Feature f : features) set.add(f);
  return set;
}

TEST(ShapeClass, LengthsDrawnForAClassAreOfIt) {
  for (std::size_t s = 0; s < kShapeClasses; ++s) {
    const auto shape = static_cast<ShapeClass>(s);
    Draw draw(rc::Random{s});
    for (int i = 0; i < 200; ++i) {
      const Lengths lengths = draw_lengths_of(draw, shape);
      EXPECT_TRUE(among(shape_classes_of(lengths.q_len, lengths.kv_len), shape))
          << name_of(shape) << ": " << lengths.q_len << " queries, " << lengths.kv_len << " keys";
    }
  }
}

// One of these for each number of keys, so that their cases add up to all.
constexpr ShapeClass kPartition[] = {ShapeClass::one_key, ShapeClass::few_keys, ShapeClass::tile_edge,
                                     ShapeClass::between_edges, ShapeClass::past_2_11};

TEST(ShapeClass, ANumberOfKeysIsOfOneClassOfLengths) {
  for (std::int64_t keys = 1; keys < 5000; ++keys) {
    const ShapeClasses classes = shape_classes_of(1, keys);
    EXPECT_EQ(std::count_if(std::begin(kPartition), std::end(kPartition),
                            [&](ShapeClass s) { return among(classes, s); }),
              1)
        << keys;
  }
  EXPECT_TRUE(shape_classes_of(0, 5).none());
  EXPECT_TRUE(shape_classes_of(5, 0).none());
}

TEST(Coverage, TheThinnestCrossingIsOfAnAcceptedFeatureAndGivenUpAfterSixProblemsInVain) {
  Coverage coverage(100);
  EXPECT_FALSE(coverage.thinnest(3)) << "no feature was accepted yet";
  coverage.accepted(set_of({Feature::sink}), shape_classes_of(1, 5), {DType::f32, DType::f32});
  std::set<ShapeClass> asked;
  while (const auto thin = coverage.thinnest(1)) {
    EXPECT_EQ(thin->feature, Feature::sink);
    EXPECT_EQ(least_keys(thin->shape), 1) << "longer rows than this effort has";
    EXPECT_FALSE(among(shape_classes_of(1, 5), thin->shape)) << "has its case";
    for (int i = 0; i < 6; ++i) {
      ASSERT_TRUE(coverage.thinnest(1));
      i % 2 == 0 ? coverage.declined(*thin) : coverage.undrawn(*thin);
    }
    EXPECT_TRUE(asked.insert(thin->shape).second) << "asked for again after six in vain";
  }
  EXPECT_EQ(asked.size(), 6U);
  const CoverageReport report = coverage.report(1);
  EXPECT_EQ(report.shapes.size(), 8U);
  EXPECT_EQ(report.crossings(), 8);
  EXPECT_EQ(report.fewest_cases(), 1);
  EXPECT_EQ(report.uncovered(), 6);
  ASSERT_EQ(report.thin.size(), 6U);
  for (const ThinCrossing& crossing : report.thin) {
    EXPECT_EQ(crossing.declined, 3);
    EXPECT_EQ(crossing.undrawn, 3);
  }
}

// Every crossing of an ordinary context can be drawn, and what is drawn is of it.
TEST(Coverage, AProblemOfEachCrossingIsDrawn) {
  Coverage coverage(kLongest);
  for (std::size_t f = 0; f < kFeatures; ++f) {
    for (std::size_t s = 0; s < kShapeClasses; ++s) {
      const Crossing crossing{static_cast<Feature>(f), static_cast<ShapeClass>(s)};
      if (!crosses(crossing.feature, crossing.shape)) continue;
      GenContext context;
      context.longest_row = kLongest;
      std::optional<CasePlan> plan;
      for (std::int64_t number = 0; number < 3 && !plan; ++number)
        plan = plan_case_of(crossing, 3, number, coverage.asking_for(crossing, 8, context));
      ASSERT_TRUE(plan) << name_of(crossing.feature) << " x " << name_of(crossing.shape);
      const Problem& p = plan->problem;
      EXPECT_TRUE(features_of(p).has(crossing.feature)) << name_of(crossing.feature) << ": " << describe(p);
      EXPECT_TRUE(among(shape_classes_of(p.q_len(), p.kv_len()), crossing.shape)) << describe(p);
    }
  }
}

CampaignOptions options(std::int64_t cases, std::uint64_t seed) {
  CampaignOptions o;
  o.effort = Effort::ci;
  o.seed = seed;
  o.cases = cases;
  o.dtype = DType::f32;
  o.budget_seconds = 250;
  return o;
}

// Adds 1 to an output where a long row meets a scale of 0.
void off_at_the_crossing(const Problem& p, kernel::RunOutcome& outcome) {
  if (outcome.status != kernel::RunStatus::ok || p.scale != 0 || p.kv_len() <= 1 << 11) return;
  Tensor& out = outcome.result.out;
  out.set({0, 0, 0, 0}, out.at({0, 0, 0, 0}) + 1);
}

TEST(Coverage, AFaultAtOneCrossingIsFoundWhereCrossingsAreAskedForAndMissedWhereNot) {
  const auto findings = [](std::optional<std::int64_t> crossing_cases) {
    test::ScriptedKernel kernel([](const Problem&, const kernel::RunOptions&) { return std::nullopt; },
                                "f32");
    kernel.after = off_at_the_crossing;
    CampaignOptions o = options(360, 11);
    o.crossing_cases = crossing_cases;
    return run_campaign(kernel, o).findings;
  };
  EXPECT_TRUE(findings(0).empty());
  const std::vector<Finding> found = findings(std::nullopt);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].problem.scale, 0);
  EXPECT_GT(found[0].problem.kv_len(), 1 << 11);
}

TEST(Coverage, WhatAKernelDeclinesTogetherIsNamedTheTableAddsUpAndEveryLawKeepsPace) {
  test::ScriptedKernel kernel(
      [](const Problem& p, const kernel::RunOptions&) {
        const bool empty = p.batch() * p.q_len() * p.kv_len() == 0;
        return test::declined_if(empty || (p.sink && p.q_len() > p.kv_len()));
      },
      "f32");
  const KernelReport report = run_campaign(kernel, options(450, 5));
  const auto& uncovered = report.coverage.thin;
  const auto pair = std::find_if(uncovered.begin(), uncovered.end(), [](const ThinCrossing& c) {
    return c.feature == "sink" && c.shape == "more queries";
  });
  ASSERT_NE(pair, uncovered.end());
  EXPECT_EQ(pair->cases, 0);
  EXPECT_GE(pair->declined + pair->undrawn, 6);

  const auto row = std::find_if(report.coverage.features.begin(), report.coverage.features.end(),
                                [](const CoverageReport::Row& r) { return r.feature == "f32"; });
  ASSERT_NE(row, report.coverage.features.end());
  std::int64_t sum = 0;
  for (const ShapeClass shape : kPartition) {
    const auto at = std::find(report.coverage.shapes.begin(), report.coverage.shapes.end(), name_of(shape));
    sum += row->cases[static_cast<std::size_t>(at - report.coverage.shapes.begin())].value();
  }
  EXPECT_EQ(sum, report.cases);

  // Laws that seldom apply are put to more cases until they keep pace.
  for (const char* law : {"prefix", "causality", "head map", "one-hot gap", "dominating leak"})
    EXPECT_GE(report.law(law)->cases, 450 / 40 - 1) << law;
}

}  // namespace
}  // namespace attest::check
