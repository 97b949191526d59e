// What a kernel does besides computing: crashes, hangs, failures, overruns, declining.

#include <csignal>
#include <set>

#include <gtest/gtest.h>

#include "check/campaign/campaign.hpp"
#include "check/findings/finding_book.hpp"
#include "check/generate/families.hpp"
#include "check/outline/features.hpp"
#include "scripted_kernel.hpp"

namespace attest::check {
namespace {

using test::declined_if;
using test::ends_with;
using test::ScriptedKernel;

KernelReport report_on(kernel::Kernel& kernel, std::int64_t cases = 120, std::uint64_t seed = 3) {
  CampaignOptions o;
  o.seed = seed;
  o.cases = cases;
  o.budget_seconds = 250;
  return run_campaign(kernel, o);
}

TEST(Outcomes, ACrashIsAFindingOnItsSmallestCase) {
  ScriptedKernel kernel([](const Problem& p, const kernel::RunOptions&) -> std::optional<kernel::RunOutcome> {
    if (p.kv_len() < 4 || p.causal == Causal::none) return std::nullopt;
    return ends_with(kernel::RunStatus::crashed, SIGFPE, "killed by signal 8 (Floating point exception)");
  });
  const KernelReport report = report_on(kernel);
  EXPECT_EQ(report.verdict, Verdict::defective);
  ASSERT_FALSE(report.findings.empty());
  EXPECT_LE(report.findings.size(), 2U);  // top-left and bottom-right
  for (const Finding& f : report.findings) {
    EXPECT_EQ(f.kind, laws::FindingKind::crash);
    EXPECT_EQ(f.problem.kv_len(), 4);
    EXPECT_LE(f.problem.q_len(), 1);
    EXPECT_TRUE(f.elements.empty());
    EXPECT_NE(f.summary.find("Floating point exception"), std::string::npos) << f.summary;
  }
}

TEST(Outcomes, AHangIsAFindingAndEndsTheCampaignBeforeItEatsTheBudget) {
  ScriptedKernel kernel([](const Problem& p, const kernel::RunOptions&) -> std::optional<kernel::RunOutcome> {
    if (p.softcap == 0) return std::nullopt;
    return ends_with(kernel::RunStatus::timed_out, 0, "no answer within 10 ms");
  });
  const KernelReport report = report_on(kernel);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].kind, laws::FindingKind::timeout);
  EXPECT_NE(report.findings[0].problem.softcap, 0);
  EXPECT_LE(report.findings[0].cases, 4);
  EXPECT_TRUE(report.stopped_early);
}

TEST(Outcomes, ACrashOnlyBeforeAnInaccessiblePageIsAMemoryFinding) {
  ScriptedKernel kernel(
      [](const Problem& p, const kernel::RunOptions& o) -> std::optional<kernel::RunOutcome> {
        if (o.placement != kernel::Placement::page_end || p.kv_len() < 2 || p.q_len() == 0)
          return std::nullopt;
        return ends_with(kernel::RunStatus::crashed, SIGSEGV, "killed by signal 11 (Segmentation fault)");
      });
  const KernelReport report = report_on(kernel);
  ASSERT_EQ(report.findings.size(), 1U) << describe(report.findings.back().problem);
  EXPECT_EQ(report.findings[0].kind, laws::FindingKind::memory);
  EXPECT_EQ(report.findings[0].placement, kernel::Placement::page_end);
  EXPECT_EQ(report.findings[0].problem.kv_len(), 2);
}

TEST(Outcomes, ADeathPastTheEndOfATensorIsAMemoryFinding) {
  ScriptedKernel kernel([](const Problem& p, const kernel::RunOptions&) -> std::optional<kernel::RunOutcome> {
    if (p.v_dim() % 2 == 0) return std::nullopt;
    kernel::RunOutcome outcome =
        ends_with(kernel::RunStatus::crashed, SIGSEGV, "killed by signal 11 4 bytes past the end of v");
    outcome.trespass = kernel::Trespass::outside;
    return outcome;
  });
  const KernelReport report = report_on(kernel);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].kind, laws::FindingKind::memory);
  EXPECT_NE(report.findings[0].summary.find("past the end of v"), std::string::npos);
}

TEST(Outcomes, WritesOutsideTheOutputsAreFindings) {
  ScriptedKernel kernel([](const Problem&, const kernel::RunOptions&) { return std::nullopt; });
  kernel.after = [](const Problem& p, kernel::RunOutcome& outcome) {
    if (p.kv_lens) {
      outcome.trespass = kernel::Trespass::input;
      outcome.detail = "wrote to its input k";
    } else if (p.alibi_slopes) {
      outcome.trespass = kernel::Trespass::outside;
      outcome.detail = "wrote outside out";
    }
  };
  const KernelReport report = report_on(kernel);
  ASSERT_EQ(report.findings.size(), 2U);
  for (const Finding& f : report.findings) {
    const bool input = f.problem.kv_lens.has_value();
    EXPECT_EQ(f.kind, input ? laws::FindingKind::input_mutated : laws::FindingKind::memory);
    EXPECT_EQ(f.summary, input ? "wrote to its input k" : "wrote outside out");
  }
}

TEST(Outcomes, AnotherStatusIsAFindingOfItsOwnKind) {
  ScriptedKernel kernel([](const Problem& p, const kernel::RunOptions&) -> std::optional<kernel::RunOutcome> {
    if (!p.sink) return std::nullopt;
    return ends_with(kernel::RunStatus::failed, 7, "returned status 7");
  });
  const KernelReport report = report_on(kernel);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].kind, laws::FindingKind::failed);
  EXPECT_NE(report.findings[0].summary.find("status 7"), std::string::npos);
}

bool nothing_in(const Problem& p) { return p.batch() * p.q_len() * p.kv_len() == 0; }

// Without values there is one law to break: that a call gives a result.
TEST(Outcomes, AKernelThatAlwaysFailsHasOneFinding) {
  for (const kernel::RunStatus status : {kernel::RunStatus::failed, kernel::RunStatus::crashed}) {
    ScriptedKernel kernel(
        [&](const Problem&, const kernel::RunOptions&) { return ends_with(status, 7, "words"); });
    const KernelReport report = report_on(kernel, 200);
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(describe(report.findings[0].problem), "b1 h1/1 q1 k1 d1/1 f32");
    EXPECT_EQ(report.findings[0].laws, std::vector<std::string>{"definition"});
    EXPECT_GE(report.findings[0].cases, 200);
    for (const LawReport& law : report.laws) {
      EXPECT_EQ(law.status, law.name == "definition" ? LawStatus::broken : LawStatus::not_applicable);
    }
  }
}

TEST(Outcomes, ExtentsOf0AreOneFindingWhicheverAxisItIs) {
  GenContext context;
  context.usual_work = 3e3;
  context.set(Feature::nothing, 1);
  ScriptedKernel kernel([](const Problem& p, const kernel::RunOptions&) -> std::optional<kernel::RunOutcome> {
    if (!nothing_in(p)) return std::nullopt;
    return ends_with(kernel::RunStatus::crashed, SIGFPE, "killed by signal 8 (Floating point exception)");
  });
  Checker checker(kernel, "", std::chrono::seconds(1));
  FindingBook book(checker, 1);
  std::set<std::string> axes;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Problem p = any_problem(context)(rc::Random(seed)).value();
    if (!nothing_in(p)) continue;
    axes.insert(p.batch() == 0 ? "batch" : p.q_len() == 0 ? "q_len" : "kv_len");
    book.add(p, checker.check(p, {laws::find_law("definition")}, kernel::Placement::misaligned),
             kernel::Placement::misaligned);
  }
  EXPECT_EQ(axes.size(), 3U);
  ASSERT_EQ(book.findings().size(), 1U);
  EXPECT_TRUE(nothing_in(book.findings()[0].problem)) << describe(book.findings()[0].problem);
}

TEST(Outcomes, FailuresInTheSameWordsAreOneFinding) {
  for (const bool same : {true, false}) {
    ScriptedKernel kernel([&](const Problem& p,
                              const kernel::RunOptions&) -> std::optional<kernel::RunOutcome> {
      if (!p.sink && !p.kv_lens) return ends_with(kernel::RunStatus::unsupported);
      return ends_with(kernel::RunStatus::failed, 7, same || p.sink ? "out of registers" : "no such length");
    });
    const KernelReport report = report_on(kernel);
    EXPECT_EQ(report.findings.size(), same ? 1U : 2U) << accepts_text(report.region);
  }
}

// Few tries are spent on a hang, so that features remain that have no part in it.
TEST(Outcomes, HangsOnOneShapeAreOneFinding) {
  std::size_t found = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    ScriptedKernel kernel(
        [](const Problem& p, const kernel::RunOptions&) -> std::optional<kernel::RunOutcome> {
          if (p.qk_dim() % 2 == 0 || p.kv_len() < 3) return ends_with(kernel::RunStatus::unsupported);
          return ends_with(kernel::RunStatus::timed_out, 0, "no answer within 10 ms");
        });
    const KernelReport report = report_on(kernel, 500, seed);
    EXPECT_LE(report.findings.size(), 1U) << seed;
    found += report.findings.size();
  }
  EXPECT_GE(found, 8U);
}

TEST(Outcomes, DecliningEverythingIsMistrusted) {
  ScriptedKernel kernel([](const Problem&, const kernel::RunOptions&) { return declined_if(true); });
  const KernelReport report = report_on(kernel, 60);
  EXPECT_EQ(report.verdict, Verdict::mistrusted);
  EXPECT_EQ(report.cases, 0);
  ASSERT_EQ(report.mistrust.size(), 1U);
  EXPECT_NE(report.mistrust[0].find("declined every case"), std::string::npos);
}

TEST(Outcomes, DecliningTheLseDeclinesNoCase) {
  ScriptedKernel kernel([](const Problem& p, const kernel::RunOptions&) {
    return declined_if(p.want_lse || p.q.dtype() == DType::f64 || p.k.dtype() == DType::f64);
  });
  const KernelReport report = report_on(kernel);
  EXPECT_EQ(report.verdict, Verdict::conforming)
      << (report.mistrust.empty() ? accepts_text(report.region) : report.mistrust.front());
  EXPECT_LT(report.declined, 8);
  ASSERT_NE(report.law("lse"), nullptr);
  EXPECT_EQ(report.law("lse")->status, LawStatus::not_applicable);
  EXPECT_EQ(report.law("lse")->why, "the kernel declines lse");
}

// Plain multi-head attention in f32, one head dim, nothing else: what a first kernel supports.
bool is_plain(const Problem& p) {
  FeatureSet allowed;
  for (const Feature f :
       {Feature::f32, Feature::several_heads, Feature::several_batches, Feature::single_query,
        Feature::longer_keys, Feature::longer_queries, Feature::scale, Feature::wide_dims}) {
    allowed.add(f);
  }
  return features_of(p).subset_of(allowed) && p.kv_len() <= 512;
}

TEST(Outcomes, AKernelWithFewFeaturesStillGetsHundredsOfCases) {
  ScriptedKernel kernel(
      [](const Problem& p, const kernel::RunOptions&) { return declined_if(!is_plain(p)); });
  const KernelReport report = report_on(kernel, 500);
  EXPECT_GT(report.cases, 300);
  EXPECT_NE(report.verdict, Verdict::defective);
  const std::vector<std::string>& declines = report.region.declines;
  for (const Feature f : {Feature::softcap, Feature::mask, Feature::bf16, Feature::f64, Feature::lse}) {
    EXPECT_NE(std::find(declines.begin(), declines.end(), name_of(f)), declines.end()) << name_of(f);
  }
  EXPECT_EQ(std::find(declines.begin(), declines.end(), name_of(Feature::f32)), declines.end());
}

// Two features that work alone but not together, on equal lengths of one head dim.
TEST(Outcomes, PairsThatAreDeclinedTogetherAreKeptApart) {
  ScriptedKernel kernel([](const Problem& p, const kernel::RunOptions&) {
    return declined_if(p.q.dtype() == DType::f64 || p.k.dtype() == DType::f64 ||
                       (p.causal != Causal::none && p.mask) || (p.sink && p.kv_lens));
  });
  const KernelReport report = report_on(kernel, 400);
  EXPECT_GT(report.cases, 350);
  EXPECT_EQ(report.verdict, Verdict::conforming) << (report.mistrust.empty() ? "" : report.mistrust.front());
}

TEST(Outcomes, ASmallBudgetStopsEarlyAndSaysSo) {
  ScriptedKernel kernel([](const Problem&, const kernel::RunOptions&) { return std::nullopt; });
  CampaignOptions o;
  o.budget_seconds = 0.3;
  o.cases = 100'000;
  const KernelReport report = run_campaign(kernel, o);
  EXPECT_TRUE(report.stopped_early);
  EXPECT_LT(report.cases + report.declined, report.planned);
}

// The campaign itself makes far fewer calls.
TEST(Outcomes, WhatTheFiveThousandthCallShowsIsFoundAtDeep) {
  const auto verdict = [](Effort effort) {
    CampaignOptions o;
    o.effort = effort;
    o.cases = 40;
    o.crossing_cases = 0;
    o.budget_seconds = 250;
    const KernelReport report = run_campaign(*test::plain_kernel(test::Fault::garbage_from_call_5000), o);
    return report.verdict;
  };
  EXPECT_NE(verdict(Effort::ci), Verdict::defective);
  EXPECT_EQ(verdict(Effort::deep), Verdict::defective);
}

TEST(Outcomes, AContractThatDoesNotParseThrows) {
  ScriptedKernel kernel([](const Problem&, const kernel::RunOptions&) { return std::nullopt; },
                        "f33;nonsense");
  EXPECT_THROW(run_campaign(kernel, {}), oracle::ContractError);
  CampaignOptions o;
  o.contract = "f32";
  o.cases = 5;
  EXPECT_NO_THROW(run_campaign(kernel, o)) << "the user's contract replaces the kernel's";
}

}  // namespace
}  // namespace attest::check
