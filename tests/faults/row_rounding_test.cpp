// What a row's doubles lose bounds how far its result may be from that of the scores and values it stands
// for.
#include "faults/signatures/row/row_rounding.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "faults/signatures/prediction.hpp"
#include "faults/signatures/row/key_row.hpp"

namespace attest::faults {
namespace {

// Scores are the biases.
oracle::Row row_of(const std::vector<double>& scores, const std::vector<double>& values) {
  oracle::Row row;
  row.keys = row.span = static_cast<std::int64_t>(scores.size());
  row.qk_dim = row.v_dim = 1;
  row.q = {0};
  row.k.assign(scores.size(), 0);
  row.bias = scores;
  row.v = values;
  return row;
}

const std::vector<double> kScores{0, -1, 0.5, -3};
const std::vector<double> kValues{1, -2, 4, 8};

TEST(RowRounding, LosesNothingWhereNothingWasRounded) {
  const RowDoubt doubt = doubt_of(row_of(kScores, kValues), {});
  EXPECT_EQ(doubt.out.front(), 0);
  EXPECT_EQ(doubt.lse, 0);
}

TEST(RowRounding, CoversScoresThatAreOffInEitherDirection) {
  constexpr double kOff = 1e-3;
  oracle::Row row = row_of(kScores, kValues);
  row.sink = 0.25;
  RowRounding rounding{std::vector<double>(4, kOff), kOff, 0};
  const RowDoubt doubt = doubt_of(row, rounding);
  const RowPrediction exact = prediction_of(row);
  double most = 0;
  double most_lse = 0;
  for (unsigned signs = 0; signs < 32; ++signs) {
    oracle::Row moved = row;
    const auto off = [&](unsigned bit) { return (signs >> bit & 1U) != 0 ? kOff : -kOff; };
    for (unsigned j = 0; j < 4; ++j) moved.bias[j] += off(j);
    *moved.sink += off(4);
    const RowPrediction there = prediction_of(moved);
    most = std::max(most, std::fabs(there.out.front().hi - exact.out.front().hi));
    most_lse = std::max(most_lse, std::fabs(there.lse.hi - exact.lse.hi));
  }
  EXPECT_LE(most, doubt.out.front());
  EXPECT_GT(most, 0.9 * doubt.out.front());
  EXPECT_LE(most_lse, doubt.lse);
  EXPECT_GT(most_lse, 0.9 * doubt.lse);
}

TEST(RowRounding, CoversValuesThatAreOff) {
  const oracle::Row row = row_of(kScores, kValues);
  const RowDoubt doubt = doubt_of(row, {{}, 0, 1e-3});
  oracle::Row moved = row;
  for (double& v : moved.v) v += 1e-3 * std::fabs(v);
  const double off = prediction_of(moved).out.front().hi - prediction_of(row).out.front().hi;
  EXPECT_NEAR(off / doubt.out.front(), 1, 1e-5);
  EXPECT_LE(off, doubt.out.front());
}

TEST(RowRounding, SaysNothingWhereWeightsAreUnknown) {
  const RowDoubt doubt = doubt_of(row_of(kScores, kValues), {std::vector<double>(4, 2), 0, 0});
  EXPECT_EQ(doubt.out.front(), HUGE_VAL);
  EXPECT_EQ(doubt.lse, HUGE_VAL);
}

TEST(KeyRow, RemembersWhatAShiftLoses) {
  KeyRow row;
  row.row = row_of({1e10, 0}, {1, 2});
  row.keys = {0, 1};
  row.shift_score(0, 0x1p-21L);  // less than half a unit of 1e10
  ASSERT_EQ(row.rounding.score.size(), 2U);
  EXPECT_GE(row.rounding.score[0], 0x1p-21);
  EXPECT_LT(row.rounding.score[0], 0x1p-20);
  EXPECT_EQ(row.rounding.score[1], 0) << "not touched";
  EXPECT_EQ(row.rounding.value, 0);
  row.scale_value(1, 3);
  EXPECT_GT(row.rounding.value, 0);
}

}  // namespace
}  // namespace attest::faults
