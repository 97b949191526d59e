// The events of a campaign.

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "check/campaign/loop.hpp"
#include "check/campaign/progress.hpp"
#include "check/region/region.hpp"
#include "plain_kernel.hpp"

namespace attest::check {
namespace {

CampaignOptions options(std::int64_t cases) {
  CampaignOptions o;
  o.seed = 7;
  o.cases = cases;
  o.budget_seconds = 250;  // the case count ends these campaigns, not the clock
  return o;
}

// Counts events, and checks that none comes before its time.
struct Counter : CampaignListener {
  std::int64_t exploring_ = 0, explored_ = 0, declined_ = 0, answered_ = 0, prepared_ = 0, ended_ = 0;
  std::int64_t broken_ = 0, findings_ = 0;
  std::optional<std::int64_t> first_broken;

  void exploring() override { ++exploring_; }
  void explored(const Region& /*region*/, std::int64_t calls) override {
    EXPECT_EQ(exploring_, 1);
    EXPECT_GT(calls, 0);
    ++explored_;
  }
  void declined(const CasePlan& /*plan*/) override {
    EXPECT_EQ(explored_, 1);
    ++declined_;
  }
  void answered(const CasePlan& plan, const Outline& outline, const CheckedProblem& checked) override {
    EXPECT_EQ(explored_, 1);
    EXPECT_EQ(outline.shape.q_len, plan.problem.q_len());
    EXPECT_FALSE(checked.declined);
    ++answered_;
    note(checked);
  }
  void answered_prepared(const PreparedLaw& prepared, const CheckedProblem& checked) override {
    EXPECT_NE(prepared.law, nullptr);
    ++prepared_;
    note(checked);
  }
  void case_ended(std::int64_t ended, std::int64_t planned, std::int64_t findings) override {
    EXPECT_EQ(ended, ended_ + 1);
    EXPECT_LE(ended, planned);
    EXPECT_EQ(ended, answered_ + declined_);
    EXPECT_GE(findings, findings_);
    ended_ = ended;
    findings_ = findings;
  }

 private:
  void note(const CheckedProblem& checked) {
    if (checked.worst() == nullptr) return;
    ++broken_;
    if (!first_broken) first_broken = answered_;
  }
};

TEST(CampaignLoop, EmitsAnEventForEveryCase) {
  const auto kernel = test::plain_kernel(test::Fault::none);
  const CampaignOptions o = options(120);
  CampaignLoop loop(*kernel, o);
  Counter counter;
  loop.add(counter);
  const CampaignEnd end = loop.run();
  EXPECT_EQ(end.ended, 120);
  EXPECT_TRUE(end.why_stopped.empty()) << end.why_stopped;
  EXPECT_FALSE(end.first_broken);
  EXPECT_EQ(counter.ended_, 120);
  EXPECT_EQ(counter.answered_, loop.recorder().ledger().cases());
  EXPECT_EQ(counter.declined_, loop.recorder().ledger().declines());
  EXPECT_GT(counter.prepared_, 0);
  EXPECT_EQ(counter.broken_, 0);
}

TEST(CampaignLoop, EmitsBrokenCasesAndSaysWhyItStopped) {
  const auto kernel = test::plain_kernel(test::Fault::scale_squared);
  CampaignOptions o = options(200);
  o.cases_after_first = 10;
  CampaignLoop loop(*kernel, o);
  Counter counter;
  loop.add(counter);
  const CampaignEnd end = loop.run();
  EXPECT_LT(end.ended, 200);
  EXPECT_EQ(end.why_stopped, "enough cases ran after the first that broke a law");
  ASSERT_TRUE(end.first_broken);
  EXPECT_EQ(end.first_broken, counter.first_broken);
  EXPECT_EQ(counter.answered_, *end.first_broken + 10);
  EXPECT_GT(counter.findings_, 0);
}

TEST(CampaignLoop, ListenersDoNotChangeTheReport) {
  const auto broken_by = [](int listeners) {
    const auto kernel = test::plain_kernel(test::Fault::scale_squared);
    const CampaignOptions o = options(60);
    CampaignLoop loop(*kernel, o);
    std::vector<Counter> counters(static_cast<std::size_t>(listeners));
    for (Counter& counter : counters) loop.add(counter);
    loop.run();
    std::vector<std::string> problems;
    for (const Finding& finding : loop.book().findings()) problems.push_back(describe(finding.problem));
    return problems;
  };
  EXPECT_EQ(broken_by(0), broken_by(3));
}

TEST(CampaignLoop, ReportsProgressAtTheEnd) {
  std::vector<CampaignProgress> reports;
  ProgressListener listener([&](const CampaignProgress& p) { reports.push_back(p); },
                            ProgressListener::Clock::now(), 100);
  listener.exploring();
  for (std::int64_t n = 1; n <= 50; ++n) listener.case_ended(n, 50, n / 25);
  ASSERT_GE(reports.size(), 2U);
  EXPECT_TRUE(reports.front().exploring);
  EXPECT_EQ(reports.back().cases, 50);
  EXPECT_EQ(reports.back().planned, 50);
  EXPECT_EQ(reports.back().findings, 2);
  EXPECT_EQ(reports.back().seconds_left, 0);
}

TEST(CampaignSize, IsTheEffortsUnlessTheCallerSaysOtherwise) {
  CampaignOptions o;
  o.effort = Effort::ci;
  const CampaignSize usual = campaign_size(o, 1);
  EXPECT_EQ(usual.planned, size_of(Effort::ci).cases);
  EXPECT_EQ(usual.needed, usual.planned / 4);
  EXPECT_EQ(campaign_size(o, 2).planned, usual.planned / 5);
  o.cases = 50;
  const CampaignSize few = campaign_size(o, 2);
  EXPECT_EQ(few.planned, 50);
  EXPECT_EQ(few.needed, 20);
  EXPECT_EQ(few.tall_cases, 0);
  o.budget_seconds = 8;
  o.time_limit = std::chrono::seconds(10);
  EXPECT_EQ(campaign_size(o, 1).call_limit, std::chrono::seconds(2));
}

TEST(CampaignProgress, SaysWhetherItExploresJudgesOrShrinks) {
  std::vector<CampaignProgress> seen;
  CampaignOptions o = options(20);
  o.progress = [&](const CampaignProgress& progress) { seen.push_back(progress); };
  EXPECT_FALSE(run_campaign(*test::plain_kernel(test::Fault::key0_dropped), o).findings.empty());
  ASSERT_GE(seen.size(), 3U);
  EXPECT_TRUE(seen.front().exploring);
  const auto shrinking =
      std::find_if(seen.begin(), seen.end(), [](const CampaignProgress& p) { return p.shrinking; });
  ASSERT_NE(shrinking, seen.end());
  EXPECT_FALSE(shrinking->exploring);
  EXPECT_FALSE(seen.back().shrinking);
  EXPECT_EQ(seen.back().cases, 20);
}

}  // namespace
}  // namespace attest::check
