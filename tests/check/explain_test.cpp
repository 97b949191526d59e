// An assumed contract convicts nobody: what campaigns make of correct kernels that declare none.

#include <limits>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "check/case_file/replay.hpp"
#include "check/checker/relaxed_contract.hpp"
#include "check/explain/explainer.hpp"
#include "check/outline/features.hpp"
#include "scripted_kernel.hpp"
#include "undeclared.hpp"

namespace attest::check {
namespace {

using faults::KernelControl;
using faults::KernelFault;
using faults::faulty::Arithmetic;
using test::campaign_on;
using test::told;
using test::undeclared;

constexpr std::int64_t kCases = 120;

TEST(Relaxations, ChangeWhatIsAssumed) {
  std::set<std::string_view> names;
  for (const Relaxation& relaxation : relaxations()) {
    EXPECT_TRUE(names.insert(relaxation.name).second) << relaxation.name;
    bool changes = false;  // what is assumed of some dtypes that it is for
    for (const DType q : {DType::f64, DType::f32, DType::f16, DType::bf16}) {
      for (const DType kv : {DType::f64, DType::f32, DType::f16, DType::bf16}) {
        if (!relaxation.applies(q, kv)) continue;
        for (const oracle::Contract& assumed : oracle::contract_for("", q, kv).alternatives)
          changes = changes || !differences(with_fields(assumed, relaxation.fields), assumed).empty();
      }
    }
    EXPECT_TRUE(changes) << relaxation.name;
  }
}

TEST(Relaxations, GoFromOrdinaryToNarrower) {
  bool narrower = false;
  for (const Relaxation& relaxation : relaxations()) {
    narrower = narrower || relaxation.kind == RelaxationClass::narrower;
    EXPECT_EQ(relaxation.kind == RelaxationClass::narrower, narrower) << relaxation.name;
  }
  EXPECT_TRUE(narrower);
}

TEST(Relaxed, HasATextThatContractsParse) {
  const oracle::ContractSet assumed = oracle::contract_for("", DType::bf16, DType::bf16);
  const oracle::ContractSet changed = relaxed(assumed, "splits=8;merge=lse");
  EXPECT_EQ(changed.text, "flash-bf16;splits=8;merge=lse | unfused-bf16;splits=8;merge=lse");
  const oracle::ContractSet parsed = oracle::contract_for(changed.text, DType::bf16, DType::bf16);
  ASSERT_EQ(parsed.alternatives.size(), changed.alternatives.size());
  for (std::size_t i = 0; i < parsed.alternatives.size(); ++i)
    EXPECT_EQ(differences(parsed.alternatives[i], changed.alternatives[i]), "");
}

const Relaxation* named(std::string_view name) {
  for (const Relaxation& relaxation : relaxations()) {
    if (relaxation.name == name) return &relaxation;
  }
  return nullptr;
}

// Asks that are right where every one of some relaxations is there.
Ask wants(const Relaxations& needed, std::int64_t& asked) {
  return [needed, &asked](const Relaxations& given) {
    ++asked;
    for (const Relaxation* one : needed) {
      if (std::find(given.begin(), given.end(), one) == given.end()) return Explained::wrong;
    }
    return Explained::right;
  };
}

// A factor of 1.25 where tensors are strided is within the bound of narrow sums in some rows, but narrow sums
// would show in most problems.
TEST(Explain, WhatShowsInFewProblemsIsNoNarrowArithmetic) {
  test::ScriptedKernel kernel([](const Problem&, const kernel::RunOptions&) { return std::nullopt; });
  kernel.after = [](const Problem& p, kernel::RunOutcome& outcome) {
    const FeatureSet features = features_of(p);
    const bool strided = features.has(Feature::permuted) || features.has(Feature::padded) ||
                         features.has(Feature::strided_scores);
    if (outcome.status != kernel::RunStatus::ok || !strided || features.has(Feature::far_offsets)) return;
    std::vector<double> values = outcome.result.out.values();
    for (double& x : values) x *= 1.25;
    outcome.result.out.assign(values);
  };
  CampaignOptions options;
  options.seed = 5;
  options.cases = 200;
  options.budget_seconds = 3600;
  const KernelReport report = run_campaign(kernel, options);
  EXPECT_EQ(report.verdict, Verdict::defective) << told(report);
}

TEST(Explain, NoRoundingLosesNan) {
  Problem p;
  p.q = Tensor(DType::f32, {1, 1, 1, 1});
  p.k = Tensor(DType::f32, {1, 1, 1, 1});
  p.v = Tensor(DType::f32, {1, 1, 1, 1});
  p.v.set({0, 0, 0, 0}, std::numeric_limits<double>::quiet_NaN());
  oracle::Element e;
  e.channel = 0;
  e.expected = std::numeric_limits<double>::quiet_NaN();
  e.got = 0;
  const oracle::ContractSet wide = oracle::contract_for("f32;exp_rel=0.5", DType::f32, DType::f32);
  EXPECT_EQ(explained_of(p, wide, {e}), Explained::wrong);
  e.expected = 1;  // of an overflow, about which nothing is known
  EXPECT_EQ(explained_of(p, wide, {e}), Explained::in_doubt);
}

TEST(Search, TakesASingleRelaxationBeforeAPair) {
  std::int64_t asked = 0;
  const Relaxation* one = named("merge_by_lse");
  EXPECT_EQ(least_explanation(DType::f32, DType::f32, {}, wants({one}, asked)), Relaxations{one});
}

TEST(Search, FindsAPairOfOrdinaryRelaxationsBeforeANarrowerOne) {
  std::int64_t asked = 0;
  const Relaxations pair{named("reciprocal"), named("flush_outputs")};
  EXPECT_EQ(least_explanation(DType::f32, DType::f32, {}, wants(pair, asked)), pair);
}

TEST(Search, AddsAThirdRelaxationToTwoThatWereAdopted) {
  std::int64_t asked = 0;
  const Relaxations three{named("reciprocal"), named("flush_outputs"), named("merge_by_lse")};
  const Relaxations adopted(three.begin(), three.begin() + 2);
  EXPECT_EQ(least_explanation(DType::f32, DType::f32, adopted, wants(three, asked)), three);
}

TEST(Search, GivesUpAfterFourQuestionsWhereNothingExplains) {
  std::int64_t asked = 0;
  const auto nothing = [&](const Relaxations&) {
    ++asked;
    return Explained::wrong;
  };
  EXPECT_FALSE(least_explanation(DType::f32, DType::f32, {}, nothing));
  EXPECT_EQ(asked, 4);
}

TEST(Search, TakesNothingThatMakesNearlyAnythingRight) {
  const auto undecided = [](const Relaxations&) { return Explained::undecided; };
  EXPECT_FALSE(least_explanation(DType::f32, DType::f32, {}, undecided));
}

TEST(Explain, SplitsMergedByLseConform) {
  auto kernel = undeclared(arithmetic_of(KernelControl::split_5_by_lse));
  const KernelReport report = campaign_on(kernel, kCases);
  EXPECT_EQ(report.verdict, Verdict::conforming) << told(report);
  ASSERT_TRUE(report.inferred) << told(report);
  EXPECT_EQ(report.inferred->text, "f32;splits=8;merge=lse");
  EXPECT_EQ(report.inferred->kind, RelaxationClass::ordinary);
  EXPECT_GE(report.inferred->from_case, 1);
  ASSERT_FALSE(report.inferred->evidence.empty());
  EXPECT_EQ(report.contract, "f32;splits=8;merge=lse");
  EXPECT_FALSE(report.contract_declared);
  for (const LawReport& law : report.laws) EXPECT_EQ(law.broken, 0) << law.name;
}

TEST(Explain, AChainOfMergesConforms) {
  Arithmetic chain;
  chain.splits = 7;
  chain.merge_by_lse = chain.chained = true;
  auto kernel = undeclared(chain);
  const KernelReport report = campaign_on(kernel, kCases);
  EXPECT_EQ(report.verdict, Verdict::conforming) << told(report);
  ASSERT_TRUE(report.inferred) << told(report);
  EXPECT_NE(report.inferred->fields.find("merge=lse"), std::string::npos) << told(report);
}

TEST(Explain, FlushToZeroConforms) {
  auto kernel = undeclared(arithmetic_of(KernelControl::flush_to_zero));
  const KernelReport report = campaign_on(kernel, kCases);
  EXPECT_EQ(report.verdict, Verdict::conforming) << told(report);
  ASSERT_TRUE(report.inferred) << told(report);
  EXPECT_EQ(report.inferred->text, "f32;underflow=flush-outputs");
}

TEST(Explain, ACoarseExponentialIsSuspectWithTheFieldToDeclare) {
  auto kernel = undeclared(arithmetic_of(KernelControl::exp_10_bits));
  const KernelReport report = campaign_on(kernel, kCases);
  EXPECT_EQ(report.verdict, Verdict::suspect) << told(report);
  ASSERT_TRUE(report.inferred) << told(report);
  EXPECT_EQ(report.inferred->text, "f32;exp_rel=0.0008");
  EXPECT_EQ(report.inferred->kind, RelaxationClass::narrower);
}

TEST(Explain, ADeclaredContractConvicts) {
  auto kernel = test::kernel_with("f32", KernelFault::none, arithmetic_of(KernelControl::exp_10_bits));
  const KernelReport report = campaign_on(kernel, kCases);
  EXPECT_EQ(report.verdict, Verdict::defective) << told(report);
  EXPECT_FALSE(report.inferred);
  ASSERT_FALSE(report.findings.empty());
  EXPECT_EQ(report.findings.front().would_conform_under, "exp_rel=0.0008");
}

TEST(Explain, ReplayOfAWithdrawnFindingNamesTheContract) {
  auto kernel = undeclared(arithmetic_of(KernelControl::exp_10_bits));
  const KernelReport report = campaign_on(kernel, kCases);
  ASSERT_TRUE(report.inferred && !report.inferred->evidence.empty()) << told(report);
  CaseFile file = case_file_of(report.inferred->evidence.front(), "undeclared");
  const ReplayReport alone = replay(file, kernel);
  EXPECT_EQ(alone.status, ReplayStatus::broken);
  EXPECT_EQ(alone.would_conform_under, "exp_rel=0.0008");
  file.inferred_fields = report.inferred->fields;
  file.inferred_class = report.inferred->kind;
  const CaseFile read = parse_case_file(format_case_file(file));
  EXPECT_EQ(read.inferred_fields, "exp_rel=0.0008");
  EXPECT_EQ(read.inferred_class, RelaxationClass::narrower);
  EXPECT_EQ(replay(read, kernel).status, ReplayStatus::explained);
}

}  // namespace
}  // namespace attest::check
