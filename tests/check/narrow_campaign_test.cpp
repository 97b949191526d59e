// What a campaign makes of kernels that take little.

#include <cmath>

#include <gtest/gtest.h>

#include "check/campaign/campaign.hpp"
#include "check/explore/learn.hpp"
#include "check/explore/refusal.hpp"
#include "gated_kernel.hpp"
#include "plain_kernel.hpp"

namespace attest::check {
namespace {

KernelReport report_on(const Takes& takes, std::int64_t cases = 200) {
  test::ScriptedKernel kernel = gated(takes);
  CampaignOptions options;
  options.cases = cases;
  options.budget_seconds = 250;
  return run_campaign(kernel, options);
}

TEST(Campaign, AnswersFourCasesOfFiveWhateverNarrowKernelItIs) {
  for (const Takes& takes : {Takes(tile_64), Takes(square_causal), Takes(narrow_f32)}) {
    const KernelReport report = report_on(takes);
    EXPECT_GE(report.cases, report.planned * 8 / 10) << accepts_text(report.region);
    EXPECT_EQ(report.verdict, Verdict::conforming)
        << (report.mistrust.empty() ? "" : report.mistrust.front());
  }
}

TEST(Campaign, ShrinksInsideOfWhatIsTaken) {
  test::ScriptedKernel kernel = gated(tile_64);
  kernel.after = [](const Problem& p, kernel::RunOutcome& outcome) {
    const bool writes = outcome.status == kernel::RunStatus::ok && outcome.result.out.count() > 0;
    if (p.sink && writes) outcome.result.out.set({0, 0, 0, 0}, 1e6);
  };
  CampaignOptions options;
  options.cases = 150;
  options.budget_seconds = 250;
  const KernelReport report = run_campaign(kernel, options);
  ASSERT_FALSE(report.findings.empty());
  const Problem& smallest = report.findings.front().problem;
  EXPECT_EQ(smallest.q_len(), 64);
  EXPECT_EQ(smallest.kv_len(), 64);
  EXPECT_TRUE(smallest.sink.has_value());
  EXPECT_FALSE(smallest.kv_lens.has_value());
  EXPECT_GT(report.shrink_steps_left_out, 0);
}

TEST(Campaign, CountsNoShrinkStepWhereEverythingIsTaken) {
  test::ScriptedKernel kernel = gated([](const Problem&) { return true; });
  kernel.after = [](const Problem& p, kernel::RunOutcome& outcome) {
    if (p.sink && outcome.result.out.count() > 0) outcome.result.out.set({0, 0, 0, 0}, 1e6);
  };
  CampaignOptions options;
  options.cases = 40;
  options.dtype = DType::f32;
  options.budget_seconds = 250;
  const KernelReport report = run_campaign(kernel, options);
  EXPECT_FALSE(report.findings.empty());
  EXPECT_EQ(report.shrink_steps_left_out, 0);
}

// Fewer key/value heads than query heads, and nothing else: a law that repeats heads until there are as many
// asks for what is declined.
TEST(Campaign, PutsNoCallOfALawToTheKernelThatItIsKnownToDecline) {
  std::int64_t declined = 0;
  test::ScriptedKernel kernel = gated([&](const Problem& p) {
    const bool takes = p.kv_heads() < p.q_heads();
    declined += takes ? 0 : 1;
    return takes;
  });
  CampaignOptions options;
  options.cases = 200;
  options.dtype = DType::f32;
  options.budget_seconds = 250;
  options.region = explore_kernel(kernel, options);
  ASSERT_GT(declined, 0);
  declined = 0;
  const KernelReport report = run_campaign(kernel, options);
  EXPECT_EQ(report.declined, 0);
  EXPECT_EQ(declined, 0);
  EXPECT_GT(report.left_out, 0);
  const LawReport& repeat = *report.law("group = repeat");
  EXPECT_EQ(repeat.status, LawStatus::not_applicable);
  EXPECT_GT(repeat.not_examined, 0);
  EXPECT_EQ(repeat.unsupported, 0);
  EXPECT_EQ(repeat.why, "every changed call is outside what the kernel accepts");
  EXPECT_GT(report.law("masking")->cases, 0) << "other numbers are always taken";
}

TEST(Campaign, IsMistrustedWhereABudgetEndsItEarly) {
  test::ScriptedKernel kernel = gated([](const Problem&) { return true; });
  CampaignOptions options;
  options.budget_seconds = 0.05;
  const KernelReport report = run_campaign(kernel, options);
  EXPECT_TRUE(report.stopped_early);
  EXPECT_EQ(report.verdict, Verdict::mistrusted);
}

TEST(Requirements, AreReadByNameAndRefusedByName) {
  const std::vector<Requirement> list = requirements_from("f16,causal,head-dim:128");
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0].dtype, DType::f16);
  EXPECT_EQ(list[2].value, 128);
  EXPECT_THROW(requirements_from("f17"), std::invalid_argument);
  EXPECT_THROW(requirements_from("head-dim"), std::invalid_argument);
  EXPECT_THROW(requirements_from("head-dim:0"), std::invalid_argument);
  EXPECT_THROW(requirements_from("causal,"), std::invalid_argument);
}

KernelReport required_of(const Takes& takes, const std::string& text) {
  test::ScriptedKernel kernel = gated(takes);
  CampaignOptions options;
  options.cases = 40;
  options.budget_seconds = 250;
  options.required = requirements_from(text);
  return run_campaign(kernel, options);
}

TEST(Requirements, ADeclinedOneIsAFindingOfItsOwn) {
  const KernelReport taken = required_of(square_causal, "causal,head-dim:128,q-len:192");
  EXPECT_NE(taken.verdict, Verdict::defective);
  const KernelReport refused = required_of(square_causal, "causal,decode,head-dim:96");
  ASSERT_EQ(refused.findings.size(), 2U);
  EXPECT_EQ(refused.verdict, Verdict::defective);
  for (const Finding& finding : refused.findings) {
    EXPECT_EQ(finding.law, "required");
    EXPECT_EQ(finding.kind, laws::FindingKind::declined);
    EXPECT_FALSE(square_causal(finding.problem));
  }
}

}  // namespace
}  // namespace attest::check
