// What exploration finds out about kernels that take little.

#include "check/explore/explore.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "check/campaign/campaign.hpp"
#include "check/explore/learn.hpp"
#include "check/explore/refusal.hpp"
#include "check/generate/families.hpp"
#include "gated_kernel.hpp"
#include "plain_kernel.hpp"

namespace attest::check {
namespace {

struct Explored {
  Region region;
  RegionReport report;
  std::int64_t calls = 0;
};

Explored explored(const Takes& takes) {
  test::ScriptedKernel kernel = gated(takes);
  Prober::Limits limits;
  limits.calls = 900;
  Prober prober(kernel, GenContext(), limits);
  Explored found{explore(prober, {}), {}, 0};
  found.region.describe(found.report);
  found.calls = prober.calls();
  return found;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string extent(const RegionReport& report, const std::string& name) {
  for (const auto& [extent, values] : report.extents) {
    if (extent == name) return values;
  }
  return "any";
}

bool decode_only(const Problem& p) {
  return p.q_len() == 1 && p.kv_lens && p.qk_dim() == 128 && p.v_dim() == 128 && p.q.dtype() == DType::bf16 &&
         p.k.dtype() == DType::bf16;
}

TEST(ExtentSet, InfersAnyMultiplesRangesAndLists) {
  const auto seen = [](std::initializer_list<std::int64_t> accepted,
                       std::initializer_list<std::int64_t> declined) {
    ExtentObservations observed;
    for (const std::int64_t n : accepted) observed.accept(n);
    for (const std::int64_t n : declined) observed.decline(n);
    return observed.set();
  };
  EXPECT_TRUE(seen({1, 17, 64}, {}).is_any());
  EXPECT_EQ(seen({64, 128, 192}, {1, 3, 72, 80, 96}).text(), "multiples of 64");
  EXPECT_EQ(seen({64, 128}, {1, 40, 72, 80, 96, 192, 256}).text(), "64, 128");
  EXPECT_EQ(seen({64, 128, 256}, {72, 80, 96, 192}).text(), "64, 128, 256");
  EXPECT_EQ(seen({1, 64, 128, 192}, {3, 17, 72, 80, 96}).text(), "1, or multiples of 64");
  EXPECT_EQ(seen({1, 3, 100, 128}, {129, 256}).text(), "up to 128");
  EXPECT_EQ(seen({4, 8, 128}, {1, 3, 5, 12}).text(), "4, 8, 128") << "12 is a multiple of 4 between them";
  EXPECT_EQ(seen({4, 8, 128}, {1, 3}).text(), "from 4");
  const ExtentSet tiles = seen({64, 128, 192}, {1, 3, 72, 80, 96});
  EXPECT_EQ(tiles.floor(100), 64);
  EXPECT_EQ(tiles.ceil(65), 128);
  EXPECT_FALSE(tiles.floor(63).has_value());
  EXPECT_EQ(tiles.smallest(3), (std::vector<std::int64_t>{64, 128, 192}));
}

TEST(ExtentObservations, AsksUntilTheStepIsKnown) {
  ExtentObservations observed;
  for (const std::int64_t n : {64, 128, 192, 256}) observed.accept(n);
  for (const std::int64_t n : {1, 3, 17, 100}) observed.decline(n);
  EXPECT_LT(observed.set().step, 64) << "nothing yet says that 8 is no step";
  int questions = 0;
  while (const auto n = observed.next_question(1, 4096)) {
    ASSERT_LT(++questions, 20);
    if (*n % 64 == 0)
      observed.accept(*n);
    else
      observed.decline(*n);
  }
  EXPECT_EQ(observed.set().text(), "multiples of 64");
}

TEST(Explore, EverythingIsAcceptedByAKernelThatTakesEverything) {
  const Explored found = explored([](const Problem&) { return true; });
  EXPECT_LT(found.calls, 400);
  // The plain kernel has no f64.
  EXPECT_EQ(found.report.declines, (std::vector<std::string>{"f64", "other pairs of dtypes"}));
  EXPECT_TRUE(found.report.extents.empty());
  EXPECT_EQ(found.report.dtypes.size(), 9U);
}

TEST(Explore, FindsTileMultiples) {
  const Explored found = explored(tile_64);
  EXPECT_LT(found.calls, 400);
  EXPECT_EQ(extent(found.report, "head dim"), "64");
  EXPECT_EQ(extent(found.report, "q_len = kv_len"), "multiples of 64");
  EXPECT_EQ(extent(found.report, "kv_len"), "multiples of 64");
  EXPECT_TRUE(has(found.report.features, "sink"));
  EXPECT_TRUE(has(found.report.features, "kv_lens"));
}

TEST(Explore, FindsEqualLengthsUnderCausality) {
  const Explored found = explored(square_causal);
  EXPECT_EQ(extent(found.report, "head dim"), "64, 128");
  EXPECT_EQ(found.report.lengths, std::vector<std::string>{"as many queries as keys"});
  EXPECT_TRUE(has(found.report.needs, "causality"));
}

TEST(Explore, FindsDecodingThatNeedsLengths) {
  const Explored found = explored(decode_only);
  EXPECT_LT(found.calls, 600);
  EXPECT_EQ(found.report.dtypes, std::vector<std::string>{"bf16"});
  EXPECT_EQ(extent(found.report, "head dim"), "128");
  EXPECT_TRUE(has(found.report.needs, "kv_lens"));
  EXPECT_FALSE(has(found.report.lengths, "several queries and more keys"));
}

TEST(Explore, DeclinesConvictOnlyWhatDiffersFromAnAcceptedNeighbour) {
  const Explored found = explored(narrow_f32);
  EXPECT_TRUE(has(found.report.dtypes, "f32")) << "three declines with other causes once convicted f32";
  EXPECT_TRUE(has(found.report.dtypes, "f16"));
  EXPECT_TRUE(has(found.report.declines, "lse"));
  EXPECT_TRUE(has(found.report.declines, "scale other than 1/sqrt(d)"));
  EXPECT_TRUE(has(found.report.declines, "qk_dim other than v_dim"));
}

TEST(Explore, FindsPairsThatExcludeOneAnother) {
  const Explored found = explored([](const Problem& p) { return !(p.sink && p.bias); });
  EXPECT_TRUE(has(found.report.features, "sink"));
  EXPECT_TRUE(has(found.report.features, "bias"));
  ASSERT_EQ(found.report.apart.size(), 1U);
  EXPECT_EQ(found.report.apart.front().first, "bias");
  EXPECT_EQ(found.report.apart.front().second, "sink");
}

TEST(Explore, FindsAMixOfDtypesThatAloneIsTaken) {
  const Explored found =
      explored([](const Problem& p) { return p.q.dtype() == DType::f32 && p.k.dtype() == DType::f16; });
  EXPECT_EQ(found.report.dtypes, std::vector<std::string>{"f32 with k and v in f16"});
}

TEST(Explore, IsEmptyWhereEverythingIsDeclined) {
  const Explored found = explored([](const Problem&) { return false; });
  EXPECT_TRUE(found.region.empty());
  EXPECT_LT(found.calls, 400);
}

TEST(Region, FitsOutlinesIntoWhatIsTaken) {
  for (const Takes& takes : {Takes(tile_64), Takes(square_causal), Takes(decode_only), Takes(narrow_f32)}) {
    const Explored found = explored(takes);
    GenContext context;
    context.region = std::make_shared<Region>(found.region);
    int taken = 0;
    constexpr int kDrawn = 400;
    for (int i = 0; i < kDrawn; ++i) {
      const Problem p = any_problem(context)(rc::Random(static_cast<std::uint64_t>(i)), 0).value();
      EXPECT_EQ(why_invalid(p), "");
      if (takes(p))
        ++taken;
      else if (i < 40)
        std::cerr << describe(p) << " scale " << p.scale << (p.want_lse ? " lse" : "") << "\n";
    }
    EXPECT_GE(taken, kDrawn * 9 / 10);
  }
}

}  // namespace
}  // namespace attest::check
