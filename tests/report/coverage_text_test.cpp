#include "report/check/coverage_text.hpp"

#include <gtest/gtest.h>

namespace attest::report {
namespace {

TEST(CoverageText, StatesTheSmallestFaultThatIsSeen) {
  // 60 of 1000 at random: C(1000 - F, 60) / C(1000, 60) falls below 0.05 at F = 48, below 0.01 at F = 72.
  const oracle::RowCoverage coverage{1000, 60, 0};
  EXPECT_LT(coverage.probability_of_seeing(coverage.least_seen(0.95) - 1), 0.95);
  EXPECT_EQ(
      coverage_text(coverage),
      "60 of 1,000 rows judged (0 chosen by position, 60 at random): a fault in 4.8 % or more of all rows "
      "is seen with probability 95 %, in 7.2 % or more with 99 %");
  const nlohmann::ordered_json json = coverage_json(coverage);
  EXPECT_EQ(json["seen"][0]["rows"], 48);
  EXPECT_EQ(json["seen"][1]["share"], 0.072);
}

TEST(CoverageText, CountsSuspectsThatWereNotJudged) {
  const oracle::RowCoverage coverage{1000, 60, 0, 12};
  EXPECT_NE(coverage_text(coverage).find("with 99 %; 12 rows that were not judged look wrong"),
            std::string::npos);
  EXPECT_EQ(coverage_json(coverage)["suspicious"], 12);
}

TEST(CoverageText, RoundsSharesUp) {
  // One in a million at least: the rest is 999,999 of which one row is left out.
  EXPECT_NE(coverage_text({3'000'000, 2'999'999, 0}).find("a fault in 3.4e-05 % or more"), std::string::npos);
}

TEST(CoverageText, SaysThatAllWereJudged) {
  EXPECT_EQ(coverage_text({900, 900, 0}), "all 900 rows judged");
  EXPECT_EQ(coverage_json({0, 0, 0})["seen"].size(), 0U);
}

}  // namespace
}  // namespace attest::report
