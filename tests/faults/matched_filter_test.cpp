// How much of a signature a few elements contain.

#include "faults/diagnosis/matched_filter.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace attest::faults {
namespace {

TEST(MatchedFilter, MeasuresTheShareOfASignature) {
  MatchedFilter filter;
  for (int row = 0; row < 50; ++row) {
    for (int c = 0; c < 4; ++c) {
      const double correct = row + c;
      const double g = 1 + 0.1 * c;
      const double noise = ((row * 7 + c * 3) % 5 - 2) * 0.01;
      filter.add(correct + 0.5 * g + noise, {correct, 0, 0}, {correct + g, 0, 0}, 1e-4, c == 0);
    }
  }
  EXPECT_NEAR(filter.alpha(), 0.5, 4 * filter.sigma());
  EXPECT_LT(filter.sigma(), 0.002);
  EXPECT_GT(filter.sigma(), 1e-4);
}

TEST(MatchedFilter, DoesNotTakeOneNaNForANumber) {
  MatchedFilter filter;
  filter.add(NAN, {1, 0, 0}, {NAN, 0, 0}, 1, true);
  filter.add(2, {2, 0, 0}, {NAN, 0, 0}, 1, true);
  EXPECT_EQ(filter.matched_specials(), 1);
  EXPECT_GT(filter.misfit_with(), 1000);
  EXPECT_GT(filter.misfit_without(), 1000);
}

// The lse of a row without keys: -infinity, and log 2 where two empty splits count as one key each.
TEST(MatchedFilter, TakesANumberWhereNoneIsRightForWhatTheFaultPredicts) {
  const oracle::Known log_2{0, std::log(2.0), 0};
  MatchedFilter filter;
  filter.add(std::log(2.0F), {-HUGE_VAL, 0, 0}, log_2, 1e-30, true);
  EXPECT_EQ(filter.matched_specials(), 1);
  EXPECT_LT(filter.misfit_with(), 1);
  EXPECT_GT(filter.misfit_without(), 1000);
  MatchedFilter other;
  other.add(std::log(3.0F), {-HUGE_VAL, 0, 0}, log_2, 1e-30, true);
  EXPECT_EQ(other.matched_specials(), 0);
  EXPECT_GT(other.misfit_with(), 1000);
}

}  // namespace
}  // namespace attest::faults
