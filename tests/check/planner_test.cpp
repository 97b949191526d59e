// The schedules: masks whose rows lie past 2^32 elements, and NaN in whole tiles of rows.

#include "check/campaign/planner.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include "check/campaign/campaign.hpp"
#include "oracle/contract/contract.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

bool has_far_mask_rows(const Problem& p) {
  if (!p.mask || !p.mask->spread() || p.mask->dim(2) < 2) return false;
  return (p.mask->dim(2) - 1) * p.mask->memory_strides()[2] >= std::int64_t{1} << 32;
}

test::ScriptedKernel taking_everything() {
  return test::ScriptedKernel([](const Problem&, const kernel::RunOptions&) { return std::nullopt; });
}

// Far offsets come by the schedule only.
GenContext without_chance() {
  GenContext context;
  context.usual_work = 3e3;
  context.large_share = context.outsized_share = 0;
  context.set(Feature::far_offsets, 1e-12);
  return context;
}

// Numbers of the cases that have such a mask.
std::vector<std::int64_t> far_numbers(std::int64_t planned, std::int64_t far_cases,
                                      const GenContext& context = without_chance(), std::uint64_t seed = 1) {
  test::ScriptedKernel kernel = taking_everything();
  Checker checker(kernel, "", std::chrono::milliseconds{1000});
  const LawTurns turns("", planned);
  Coverage coverage(8193);
  PlannerOptions options;
  options.seed = seed;
  options.planned = planned;
  options.time_limit = std::chrono::milliseconds{1000};
  options.far_cases = far_cases;
  Planner planner(
      kernel, checker, options, [&] { return context; }, turns, coverage);
  std::vector<std::int64_t> numbers;
  for (std::int64_t n = 0; n < planned; ++n) {
    if (has_far_mask_rows(planner.next(n).problem)) numbers.push_back(n);
  }
  return numbers;
}

// Some of the problems have one row, or too many to reach so far.
TEST(FarSchedule, IsSpreadEvenly) {
  const std::vector<std::int64_t> numbers = far_numbers(240, 24);
  EXPECT_GE(numbers.size(), 17U);
  std::array<int, 4> quarters{};
  for (const std::int64_t n : numbers) {
    EXPECT_EQ(n % 10, 6) << "one case in ten";
    ++quarters[static_cast<std::size_t>(n / 60)];
  }
  for (const int far : quarters) EXPECT_GE(far, 3);
}

TEST(FarSchedule, HasTheSameShareOfAShorterCampaign) {
  const std::vector<std::int64_t> longer = far_numbers(200, 20);
  const std::vector<std::int64_t> shorter = far_numbers(100, 10);
  ASSERT_GE(longer.size(), shorter.size());
  EXPECT_GE(shorter.size(), 7U);
  EXPECT_EQ(shorter, std::vector<std::int64_t>(longer.begin(),
                                               longer.begin() + static_cast<std::ptrdiff_t>(shorter.size())));
  EXPECT_TRUE(longer.size() == shorter.size() || longer[shorter.size()] >= 100);
  EXPECT_TRUE(far_numbers(100, 0).empty());
}

TEST(FarSchedule, IsAPureFunctionOfSeedAndNumber) {
  EXPECT_EQ(far_numbers(60, 6), far_numbers(60, 6));
  for (const std::int64_t n : far_numbers(60, 6, without_chance(), 2))
    EXPECT_EQ(n % 10, 6) << "the seed moves no case of it";
}

TEST(FarSchedule, AsksForNothingThatIsNotTaken) {
  for (const Feature feature : {Feature::mask, Feature::far_offsets}) {
    GenContext context = without_chance();
    context.set(feature, 0);
    EXPECT_TRUE(far_numbers(60, 6, context).empty()) << name_of(feature);
  }
}

// 24 of the 2,400 cases of "ci", and the same share of fewer.
TEST(FarSchedule, IsPartOfCampaignsInProportion) {
  const auto far_calls = [](std::int64_t cases) {
    std::int64_t far = 0;
    test::ScriptedKernel kernel(
        [&](const Problem& p, const kernel::RunOptions&) -> std::optional<kernel::RunOutcome> {
          far += has_far_mask_rows(p) ? 1 : 0;
          return std::nullopt;
        });
    CampaignOptions options;
    options.effort = Effort::ci;
    options.cases = cases;
    options.crossing_cases = 0;
    options.dtype = DType::f32;
    options.budget_seconds = 250;
    options.region = explore_kernel(kernel, options);
    far = 0;
    run_campaign(kernel, options);
    return far;
  };
  EXPECT_EQ(far_calls(40), 0);
  EXPECT_GE(far_calls(200), 2);
}

// What ggml's tiles for AVX-512 need to lose NaN: 64 rows, no option, 16 channels or a multiple.
bool is_for_tiles(const CasePlan& plan) {
  const Problem& p = plan.problem;
  const Outline outline = outline_of(p);
  return p.q_len() >= 64 && p.kv_len() > 1 && p.v_dim() % 16 == 0 && outline.options.none();
}

bool meets_nan(const CasePlan& plan) {
  const laws::Law& law = laws::law_of(laws::LawId::nan_propagates);
  const auto contract = oracle::contract_for("", plan.problem.q.dtype(), plan.problem.k.dtype());
  return std::count(plan.laws.begin(), plan.laws.end(), &law) == 1 &&
         law.why_not(plan.problem, contract).empty();
}

TEST(NanSchedule, MeetsWholeTilesWithNaN) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
    std::int64_t tiles = 0, met = 0;
    for (std::int64_t n = 0; n < 32; ++n) {
      const CasePlan plan = plan_nan_case(seed, n, GenContext());
      tiles += is_for_tiles(plan) ? 1 : 0;
      met += is_for_tiles(plan) && meets_nan(plan) ? 1 : 0;
    }
    EXPECT_GE(tiles, 24) << "seed " << seed;
    EXPECT_GE(met, 16) << "seed " << seed;
  }
}

}  // namespace
}  // namespace attest::check
