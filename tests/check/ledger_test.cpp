// The ledger: what makes a check count for little.

#include "check/ledger.hpp"

#include <gtest/gtest.h>

namespace attest {
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
  ledger.fill(report);
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
  EXPECT_EQ(report.mistrust[0], "only 3 cases were answered");
  EXPECT_EQ(report_of(Ledger{}).mistrust.size(), 1U);
}

TEST(Ledger, LawsAreHeldBrokenOrSayWhyNot) {
  const Law* definition = find_law("definition");
  const Law* masking = find_law("masking");
  CheckedProblem c = checked(1, 0, false);
  LawOutcome held;
  held.standing = LawStanding::held;
  held.bitwise = true;
  LawOutcome not_here;
  not_here.why = "every key is seen by some row";
  c.laws = {{definition, held}, {masking, not_here}};
  Ledger ledger = ledger_with(c);
  EXPECT_EQ(report_of(ledger).law("definition")->status, LawStatus::held);
  EXPECT_EQ(report_of(ledger).law("definition")->bitwise, std::optional(true));
  EXPECT_EQ(report_of(ledger).law("masking")->status, LawStatus::not_applicable);
  EXPECT_EQ(report_of(ledger).law("masking")->why, "every key is seen by some row");
  EXPECT_EQ(report_of(ledger).law("lse")->why, "no case called for it");

  LawOutcome broken;
  broken.standing = LawStanding::broken;
  broken.breach = Breach{};
  broken.bitwise = false;
  c.laws = {{definition, broken}};
  ledger.checked(0, c, "");
  ledger.checked(0, c, "");
  EXPECT_EQ(report_of(ledger).law("definition")->status, LawStatus::broken);
  EXPECT_EQ(report_of(ledger).law("definition")->broken, 2);
  EXPECT_EQ(report_of(ledger).law("definition")->bitwise, std::optional(false));
}

}  // namespace
}  // namespace attest
