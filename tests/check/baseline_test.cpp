// Findings that were accepted earlier are recognised, and no others.
#include "check/baseline/baseline.hpp"

#include <gtest/gtest.h>

#include "files/tensor_archive.hpp"

namespace attest::check {
namespace {

Finding finding() {
  Finding f;
  f.law = "definition";
  f.summary = "returns 1 where row 0 must be 0";
  f.laws = {"definition", "causality"};
  f.problem.q = f.problem.k = f.problem.v = Tensor(DType::f32, {1, 1, 2, 1});
  return f;
}

Finding named(faults::KernelFault fault) {
  Finding f = finding();
  faults::Diagnosis d;
  d.hypothesis.fault = fault;
  d.named = true;
  f.diagnosis = {d};
  return f;
}

KernelReport report_of(const std::string& kernel, std::vector<Finding> findings) {
  KernelReport report;
  report.info.name = kernel;
  report.findings = std::move(findings);
  return report;
}

TEST(Identity, StaysWhereOnlyTheSeedChanged) {
  Finding other = finding();
  other.laws = {"definition"};
  other.cases = 7;
  other.summary = "returns 3 where row 1 must be 0";
  other.problem.q = other.problem.k = other.problem.v = Tensor(DType::f32, {1, 1, 3, 2});
  EXPECT_EQ(identity_of("k", other), identity_of("k", finding()));
  EXPECT_EQ(identity_of("k", finding()).size(), 16U);
}

TEST(Identity, TellsDefectsApart) {
  const std::string plain = identity_of("k", finding());
  EXPECT_NE(identity_of("l", finding()), plain);
  Finding other = finding();
  other.law = "masking";
  EXPECT_NE(identity_of("k", other), plain);
  other = finding();
  other.kind = laws::FindingKind::crash;
  EXPECT_NE(identity_of("k", other), plain);
  other = finding();
  other.problem.causal = Causal::top_left;
  EXPECT_NE(identity_of("k", other), plain);
  other = finding();
  other.problem.q = Tensor(DType::f16, {1, 1, 2, 1});
  EXPECT_NE(identity_of("k", other), plain);
}

TEST(Identity, OfANamedFaultIsItsName) {
  const std::string id = identity_of("k", named(faults::KernelFault::causal_key_ahead));
  EXPECT_NE(id, identity_of("k", finding()));
  EXPECT_NE(id, identity_of("k", named(faults::KernelFault::rescale_skipped)));
  Finding other = named(faults::KernelFault::causal_key_ahead);
  other.law = "masking";
  other.problem.causal = Causal::top_left;
  EXPECT_EQ(identity_of("k", other), id);
  other.diagnosis.front().named = false;
  EXPECT_NE(identity_of("k", other), id);
}

TEST(Baseline, SaysWhatIsNewAndWhatHasVanished) {
  const Finding known = finding();
  const Finding fresh = named(faults::KernelFault::rescale_skipped);
  const std::vector<AcceptedFinding> baseline{{"a", identity_of("a", known), "known"},
                                              {"a", "0123456789abcdef", "gone"},
                                              {"unchecked", "0123456789abcdef", "not looked at"}};
  const BaselineComparison compared =
      compare_with_baseline(baseline, {report_of("a", {known, fresh}), report_of("b", {known})});
  ASSERT_EQ(compared.accepted.size(), 1U);
  EXPECT_EQ(compared.accepted.front().kernel, "a");
  ASSERT_EQ(compared.fresh.size(), 2U);
  EXPECT_EQ(compared.fresh.front().identity, identity_of("a", fresh));
  EXPECT_EQ(compared.fresh.back().kernel, "b");
  ASSERT_EQ(compared.vanished.size(), 1U);
  EXPECT_EQ(compared.vanished.front().summary, "gone");
}

TEST(Baseline, AKernelWhoseEveryFindingIsKnownConformsIfTheCheckWasStrong) {
  KernelReport report = report_of("a", {finding()});
  report.verdict = Verdict::defective;
  const std::vector<AcceptedFinding> known{{"a", identity_of("a", finding()), "known"}};
  const BaselineComparison accepted = compare_with_baseline(known, {report});
  EXPECT_EQ(verdict_beyond(accepted, report), Verdict::conforming);
  EXPECT_EQ(verdict_beyond(compare_with_baseline({}, {report}), report), Verdict::defective);
  report.mistrust = {"only 5 of 600 cases were answered"};
  EXPECT_EQ(verdict_beyond(accepted, report), Verdict::mistrusted);
  report.verdict = Verdict::suspect;
  EXPECT_EQ(verdict_beyond(accepted, report), Verdict::suspect);
}

TEST(Baseline, IsReadFromAReport) {
  const auto accepted = parse_baseline(
      R"({"kernels": [{"name": "a", "findings": [{"identity": "x", "summary": "s"}]}, {"name": "b", "findings": []}]})");
  ASSERT_EQ(accepted.size(), 1U);
  EXPECT_EQ(accepted.front().kernel, "a");
  EXPECT_EQ(accepted.front().identity, "x");
}

TEST(Baseline, WhatIsNoReportIsRefusedInOneLine) {
  for (const char* text :
       {"", "[", "[]", "{}", R"({"kernels": 3})", R"({"kernels": [3]})", R"({"kernels": [{"name": "a"}]})",
        R"({"kernels": [{"findings": [{}]}]})", R"({"kernels": [{"name": "a", "findings": [3]}]})",
        R"({"kernels": [{"name": "a", "findings": [{"identity": 3, "summary": ""}]}]})"}) {
    try {
      parse_baseline(text);
      ADD_FAILURE() << text;
    } catch (const files::FileFormatError& error) {
      EXPECT_LT(std::string(error.what()).size(), 120U) << text;
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    }
  }
  EXPECT_THROW(read_baseline("/nonexistent.json"), files::FileFormatError);
}

}  // namespace
}  // namespace attest::check
