// One cause is one finding, and two causes are two.

#include <csignal>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "check/campaign/campaign.hpp"
#include "check/outline/features.hpp"
#include "oracle/definition/row.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

using After = std::function<void(const Problem&, kernel::RunOutcome&)>;

std::vector<Finding> findings_of(After after, std::int64_t cases = 120) {
  test::ScriptedKernel kernel([](const Problem&, const kernel::RunOptions&) { return std::nullopt; });
  kernel.after = std::move(after);
  CampaignOptions o;
  o.seed = 5;
  o.cases = cases;
  o.contract = test::kEveryPreset;
  o.budget_seconds = 250;
  return run_campaign(kernel, o).findings;
}

std::string told(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& f : findings) {
    text += f.summary + " [" + describe(f.problem) + "] " + f.explanation + "\n";
    for (const std::string& symptom : f.symptoms) text += "  also " + symptom + "\n";
  }
  return text;
}

bool answered(const kernel::RunOutcome& outcome) {
  return outcome.status == kernel::RunStatus::ok && outcome.result.out.count() > 0;
}

void times_1_25(kernel::RunOutcome& outcome) {
  std::vector<double> values = outcome.result.out.values();
  for (double& x : values) x *= 1.25;
  outcome.result.out.assign(values);
}

// Makes the first row NaN if it sees keys, or if it sees none.
void nan_in_first_row(const Problem& p, kernel::RunOutcome& outcome, bool without_keys) {
  if ((oracle::gather_row(p, 0, 0, 0).keys == 0) != without_keys) return;
  outcome.result.out.set({0, 0, 0, 0}, std::numeric_limits<double>::quiet_NaN());
}

TEST(Causes, NanInRowsWithoutKeysIsApartFromNanInRowsThatSeeSome) {
  const auto findings = findings_of([](const Problem& p, kernel::RunOutcome& outcome) {
    if (!answered(outcome)) return;
    nan_in_first_row(p, outcome, true);
    if (p.mask) nan_in_first_row(p, outcome, false);
  });
  ASSERT_EQ(findings.size(), 2U) << told(findings);
  EXPECT_NE(oracle::gather_row(findings[0].problem, 0, 0, 0).keys == 0,
            oracle::gather_row(findings[1].problem, 0, 0, 0).keys == 0);
}

void crash_in(kernel::RunOutcome& outcome, const std::string& function) {
  outcome = {};
  outcome.status = kernel::RunStatus::crashed;
  outcome.code = SIGSEGV;
  outcome.detail = "killed by signal 11 (Segmentation fault)";
  outcome.crash.function = function;
}

TEST(Causes, CrashesInDifferentFunctionsAreApart) {
  const auto findings = findings_of([](const Problem& p, kernel::RunOutcome& outcome) {
    if (p.mask)
      crash_in(outcome, "read_mask");
    else if (p.softcap != 0)
      crash_in(outcome, "cap");
  });
  ASSERT_EQ(findings.size(), 2U) << told(findings);
  for (const Finding& f : findings)
    EXPECT_EQ(f.crash.function, f.problem.mask ? "read_mask" : "cap") << told(findings);
}

// Every case crashes, with a mask elsewhere: the plain crash does not explain the other.
TEST(Causes, ACrashThatIsAlwaysThereDoesNotHideOneElsewhere) {
  const auto findings = findings_of([](const Problem& p, kernel::RunOutcome& outcome) {
    crash_in(outcome, p.mask ? "read_mask" : "load");
  });
  EXPECT_EQ(findings.size(), 2U) << told(findings);
}

TEST(Causes, CrashesOfOneFunctionOrOfNoneKnownAreOne) {
  for (const char* function : {"load", ""}) {
    const auto findings = findings_of([&](const Problem& p, kernel::RunOutcome& outcome) {
      if (p.q_len() > 1) crash_in(outcome, function);
    });
    EXPECT_EQ(findings.size(), 1U) << told(findings);
  }
}

TEST(Causes, RowsAreEmptyByAnyFeatureForOneCause) {
  const auto findings = findings_of([](const Problem& p, kernel::RunOutcome& outcome) {
    if (answered(outcome)) nan_in_first_row(p, outcome, true);
  });
  EXPECT_EQ(findings.size(), 1U) << told(findings);
}

TEST(Causes, AFaultOfOneFormatDoesNotHideOneOfAnother) {
  const auto findings = findings_of([](const Problem& p, kernel::RunOutcome& outcome) {
    if (!answered(outcome)) return;
    if (p.q.dtype() == DType::f32 && p.k.dtype() == DType::f32) times_1_25(outcome);
    if (p.q.dtype() == DType::bf16 && p.softcap != 0) times_1_25(outcome);
  });
  ASSERT_EQ(findings.size(), 2U) << told(findings);
  EXPECT_NE(findings[0].problem.q.dtype(), findings[1].problem.q.dtype());
  for (const Finding& f : findings)
    EXPECT_TRUE(f.problem.q.dtype() == DType::f32 ||
                (f.problem.q.dtype() == DType::bf16 && f.problem.softcap != 0));
}

// An error of 2^-9 is beyond the bound of f32 and within that of bf16 in most cases: one cause.
TEST(Causes, AFaultThatAWiderBoundAllowsIsOneFinding) {
  const auto findings = findings_of([](const Problem&, kernel::RunOutcome& outcome) {
    if (!answered(outcome)) return;
    std::vector<double> values = outcome.result.out.values();
    for (double& x : values) x *= 1 + 0x1p-9;
    outcome.result.out.assign(values);
  });
  EXPECT_EQ(findings.size(), 1U) << told(findings);
}

TEST(Causes, AFaultOfEveryFormatIsOneFinding) {
  const auto findings = findings_of([](const Problem&, kernel::RunOutcome& outcome) {
    if (answered(outcome)) times_1_25(outcome);
  });
  EXPECT_EQ(findings.size(), 1U) << told(findings);
}

bool is_strided(const Problem& p) {
  const FeatureSet features = features_of(p);
  return !features.has(Feature::far_offsets) &&
         (features.has(Feature::permuted) || features.has(Feature::padded) ||
          features.has(Feature::strided_scores));
}

TEST(Causes, WhatIsRightOnPackedCopiesIsOneFinding) {
  const auto findings = findings_of(
      [](const Problem& p, kernel::RunOutcome& outcome) {
        if (answered(outcome) && is_strided(p)) times_1_25(outcome);
      },
      200);
  ASSERT_EQ(findings.size(), 1U) << told(findings);
  EXPECT_EQ(findings[0].explanation, "right on the packed copy of its tensors");
  EXPECT_FALSE(findings[0].symptoms.empty());
}

TEST(Causes, CrashesBySignalAreApart) {
  test::ScriptedKernel kernel([](const Problem& p,
                                 const kernel::RunOptions&) -> std::optional<kernel::RunOutcome> {
    if (p.softcap != 0)
      return test::ends_with(kernel::RunStatus::crashed, SIGFPE,
                             "killed by signal 8 (Floating point exception)");
    if (p.softcap == 0 && p.kv_lens)
      return test::ends_with(kernel::RunStatus::crashed, SIGSEGV, "killed by signal 11 (Segmentation fault)");
    return std::nullopt;
  });
  CampaignOptions o;
  o.seed = 5;
  o.cases = 80;
  o.budget_seconds = 250;
  const auto findings = run_campaign(kernel, o).findings;
  ASSERT_EQ(findings.size(), 2U) << told(findings);
  EXPECT_NE(findings[0].summary, findings[1].summary);
}

}  // namespace
}  // namespace attest::check
