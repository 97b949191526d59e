// The ledger: what makes a check count for little.

#include "check/campaign/ledger.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace attest::check {
namespace {

CheckedProblem checked(std::int64_t within, std::int64_t uninformative, bool all_zero) {
  CheckedProblem c;
  c.out.within = within;
  c.out.uninformative = uninformative;
  c.all_zero = all_zero;
  return c;
}

KernelReport report_of(const Ledger& ledger) {
  KernelReport report;
  report.planned = ledger.cases();
  ledger.fill(report, 20);
  return report;
}

Ledger ledger_with(const CheckedProblem& each, int cases = 100) {
  Ledger ledger;
  for (int i = 0; i < cases; ++i) {
    ledger.answered(0);
    ledger.checked(0, each, "");
  }
  return ledger;
}

TEST(Ledger, TrustsWhatIsCertified) {
  const KernelReport report = report_of(ledger_with(checked(96, 4, false)));
  EXPECT_TRUE(report.mistrust.empty());
  EXPECT_EQ(report.families[0].outputs, 10'000);
  EXPECT_EQ(report.families[0].informative, 9'600);
}

TEST(Ledger, MistrustsAFamilyWithoutCertificates) {
  const KernelReport report = report_of(ledger_with(checked(94, 6, false)));
  ASSERT_EQ(report.mistrust.size(), 1U);
  EXPECT_NE(report.mistrust[0].find(report.families[0].name), std::string::npos);
}

TEST(Ledger, MistrustsOutputsThatAreAllZero) {
  const KernelReport report = report_of(ledger_with(checked(100, 0, true)));
  ASSERT_EQ(report.mistrust.size(), 1U);
  EXPECT_EQ(report.mistrust[0], "every output of every case is 0");
}

TEST(Ledger, MistrustsFewCases) {
  const KernelReport report = report_of(ledger_with(checked(100, 0, false), 3));
  ASSERT_EQ(report.mistrust.size(), 1U);
  EXPECT_EQ(report.mistrust[0], "only 3 of 3 cases were answered; a conforming verdict needs 20");
  EXPECT_EQ(report_of(Ledger{}).mistrust.size(), 1U);
}

TEST(Ledger, LawsAreHeldBrokenOrSayWhyNot) {
  const laws::Law* definition = laws::find_law("definition");
  const laws::Law* masking = laws::find_law("masking");
  CheckedProblem c = checked(1, 0, false);
  laws::LawOutcome held;
  held.standing = laws::LawStanding::held;
  held.bitwise = true;
  laws::LawOutcome not_here;
  not_here.why = "every key is seen by some row";
  c.laws = {{definition, held}, {masking, not_here}};
  Ledger ledger = ledger_with(c);
  EXPECT_EQ(report_of(ledger).law("definition")->status, LawStatus::held);
  EXPECT_EQ(report_of(ledger).law("definition")->bitwise, std::optional(true));
  EXPECT_EQ(report_of(ledger).law("masking")->status, LawStatus::not_applicable);
  EXPECT_EQ(report_of(ledger).law("masking")->why, "every key is seen by some row");
  EXPECT_EQ(report_of(ledger).law("lse")->why, "the law applied to no case");

  laws::LawOutcome broken;
  broken.standing = laws::LawStanding::broken;
  broken.breach = laws::Breach{};
  broken.bitwise = false;
  c.laws = {{definition, broken}};
  ledger.checked(0, c, "");
  ledger.checked(0, c, "");
  EXPECT_EQ(report_of(ledger).law("definition")->status, LawStatus::broken);
  EXPECT_EQ(report_of(ledger).law("definition")->broken, 2);
  EXPECT_EQ(report_of(ledger).law("definition")->bitwise, std::optional(false));
}

oracle::NoiseTally measured(double sigmas, double each) {
  oracle::NoiseTally noise;
  noise.outputs = 10;
  noise.largest = oracle::Deviation{0, 1, 2, 3, 1.5, 1.25, sigmas};
  for (int i = 0; i < 10; ++i) noise.out.add(each);
  return noise;
}

TEST(Ledger, ReportsRowLengthsByContract) {
  Ledger ledger;
  CheckedProblem c = checked(100, 0, false);
  c.contract = "f32";
  c.lengths.longest_informative = 40;
  ledger.checked(0, c, "");
  c.lengths = {90, 120};
  ledger.checked(0, c, "");
  c.lengths = {70, 100};
  ledger.checked(0, c, "");
  c.contract = "flash-bf16";
  c.lengths = {7, std::nullopt};
  ledger.checked(0, c, "");
  const KernelReport report = report_of(ledger);
  ASSERT_EQ(report.contracts.size(), 2U);
  EXPECT_EQ(report.contracts[0].text, "f32");
  EXPECT_EQ(report.contracts[0].lengths.longest_informative, 90);
  EXPECT_EQ(report.contracts[0].lengths.shortest_uninformative, std::optional<std::int64_t>(100));
  EXPECT_EQ(report.contracts[1].lengths.longest_informative, 7);
  EXPECT_FALSE(report.contracts[1].lengths.shortest_uninformative.has_value());
}

TEST(Ledger, TheAlarmSaysWhereAnOutputIsFarOff) {
  Ledger ledger;
  CheckedProblem c = checked(100, 0, false);
  c.noise = measured(2, 0.1);
  ledger.checked(0, c, "the first");
  EXPECT_TRUE(report_of(ledger).alarm.suspicions.empty());
  c.noise = measured(50, -0.1);
  ledger.checked(0, c, "the second");
  const AlarmReport alarm = report_of(ledger).alarm;
  EXPECT_EQ(alarm.problems, 2);
  EXPECT_EQ(alarm.outputs, 20);
  EXPECT_EQ(alarm.largest_sigmas, 50);
  ASSERT_EQ(alarm.suspicions.size(), 1U);
  EXPECT_NE(alarm.suspicions[0].find("out[b 0, h 1, i 2, c 3]"), std::string::npos) << alarm.suspicions[0];
  EXPECT_NE(alarm.suspicions[0].find("the second"), std::string::npos) << alarm.suspicions[0];
}

TEST(Ledger, TheAlarmSaysWhichWayErrorsLean) {
  CheckedProblem c = checked(100, 0, false);
  c.noise = measured(1, -0.2);
  const AlarmReport alarm = report_of(ledger_with(c, 40)).alarm;
  ASSERT_EQ(alarm.suspicions.size(), 1U);
  EXPECT_NE(alarm.suspicions[0].find("errors of out lean downwards"), std::string::npos)
      << alarm.suspicions[0];
  ASSERT_EQ(alarm.biases.size(), 3U);
  EXPECT_NEAR(alarm.biases[0].second, -std::sqrt(40.0), 1e-9);
}

TEST(Ledger, AnAlarmThatMeasuredNothingSaysWhy) {
  const AlarmReport alarm = report_of(ledger_with(checked(100, 0, false))).alarm;
  EXPECT_EQ(alarm.outputs, 0);
  EXPECT_FALSE(alarm.why_not.empty());
  EXPECT_TRUE(alarm.suspicions.empty());
}

}  // namespace
}  // namespace attest::check
