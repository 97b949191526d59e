// What a wrong value is blamed on: the call itself, or what was called before.

#include "check/findings/blame.hpp"

#include <gtest/gtest.h>

#include "check/campaign/campaign.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

CampaignOptions options() {
  CampaignOptions o;
  o.seed = 3;
  o.cases = 60;
  o.dtype = DType::f32;
  o.budget_seconds = 250;
  return o;
}

void shift_first(kernel::RunOutcome& outcome) {
  if (outcome.status != kernel::RunStatus::ok || outcome.result.out.count() == 0) return;
  outcome.result.out.set({0, 0, 0, 0}, outcome.result.out.at({0, 0, 0, 0}) + 1);
}

std::vector<Finding> findings_of(std::function<void(const Problem&, kernel::RunOutcome&)> after) {
  test::ScriptedKernel kernel([](const Problem&, const kernel::RunOptions&) { return std::nullopt; }, "f32");
  kernel.after = std::move(after);
  return run_campaign(kernel, options()).findings;
}

// The law "history" negates the values after a right call: what is wrong of those values is wrong at any
// time.
TEST(Blame, AValueThatIsWrongByItselfIsNotBlamedOnEarlierCalls) {
  const auto findings = findings_of([](const Problem& p, kernel::RunOutcome& outcome) {
    if (p.v.count() > 0 && p.v.at({0, 0, 0, 0}) < 0) shift_first(outcome);
  });
  ASSERT_FALSE(findings.empty());
  for (const Finding& finding : findings) {
    EXPECT_NE(finding.law, "history") << finding.summary;
    EXPECT_NE(finding.law, "repeat") << finding.summary;
  }
}

// Wrong where the call before had the same queries and other values.
TEST(Blame, AValueThatDependsOnTheCallBeforeIs) {
  std::optional<Problem> before;
  const auto findings = findings_of([&](const Problem& p, kernel::RunOutcome& outcome) {
    const bool stale = before && before->q.shape() == p.q.shape() && before->q.bytes() == p.q.bytes() &&
                       before->v.shape() == p.v.shape() && before->v.bytes() != p.v.bytes();
    before = p;
    if (stale) shift_first(outcome);
  });
  ASSERT_FALSE(findings.empty());
  const std::string& law = findings.front().law;  // "repeat" where the base call was the one after another
  EXPECT_TRUE(law == "history" || law == "repeat") << law << ": " << findings.front().summary;
}

}  // namespace
}  // namespace attest::check
