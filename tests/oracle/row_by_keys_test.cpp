// Pairs of f64 key by key, against intervals, where few keys count.
#include <algorithm>
#include <cmath>
#include <optional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "enclosure.hpp"
#include "oracle/definition/row.hpp"
#include "oracle/tiers/references.hpp"

namespace attest::oracle {
namespace {

constexpr unsigned kBits = 640;

struct Loosest {
  double radius = 0;  // of a channel, over |result|
  int rows = 0, usable = 0;
};

void check(const Row& row, Loosest& loosest) {
  ++loosest.rows;
  const std::optional<RowFacts> pairs = reference_by_keys(row);
  if (!pairs) return;
  ++loosest.usable;
  const RowFacts sharp = reference_interval(row, kBits);
  for (std::size_t c = 0; c < sharp.out.size(); ++c) {
    expect_encloses(pairs->out[c], sharp.out[c], "out");
    if (sharp.out[c].hi != 0)
      loosest.radius = std::fmax(loosest.radius, pairs->out[c].radius / std::fabs(sharp.out[c].hi));
  }
  expect_encloses(pairs->lse, sharp.lse, "lse");
}

TEST(ByKeys, EnclosesTheIntervalTierOverEveryFeature) {
  std::mt19937_64 random(17);
  Loosest loosest;
  for (unsigned features = 0; features < 32; ++features) {
    for (const double deviation : {0.0, 1.0, 30.0, 1e5}) {
      for (const std::int64_t n : {1, 2, 17, 33, 120}) {
        check(random_row(random, n, 5, 2, deviation, features), loosest);
        ASSERT_EQ(loosest.usable, loosest.rows);
      }
    }
  }
}

// Their roundings are of 1e31, but their weights are nothing beside that of the others.
TEST(ByKeys, LooksPastBiasesThatHideKeys) {
  std::mt19937_64 random(18);
  Loosest loosest;
  for (const double low : {-2e3, -1e9, -1e31, -0x1.fffffep127, -1e80}) {
    for (unsigned features = 0; features < 32; ++features) {
      for (const std::int64_t n : {2, 17, 120}) {
        Row row = random_row(random, n, 5, 2, 1.0, features);
        row.bias.assign(static_cast<std::size_t>(n), 0);
        for (std::size_t j = 0; j + 1 < row.bias.size(); j += 2) row.bias[j] = low;
        check(row, loosest);
        ASSERT_EQ(loosest.usable, loosest.rows);
      }
    }
  }
}

TEST(ByKeys, LooksPastABiasOfAllKeys) {
  std::mt19937_64 random(19);
  Loosest loosest;
  for (unsigned features = 0; features < 32; ++features) {
    Row row = random_row(random, 20, 5, 2, 1.0, features);
    if (row.sink) continue;
    row.bias.assign(20, -1e31);
    check(row, loosest);
    ASSERT_EQ(loosest.usable, loosest.rows);
  }
  EXPECT_GT(loosest.rows, 0);
}

// The key of the largest score has all the weight: the result is its value, whatever the scores err by.
TEST(ByKeys, SettlesRowsOfHugeScores) {
  std::mt19937_64 random(20);
  Loosest loosest;
  for (const double size : {1e6, 1e11, 1e20, 1e38}) {
    for (const std::int64_t n : {2, 50, 300}) {
      Row row = random_row(random, n, 5, 2, 1.0, 0);
      for (double& q : row.q) q *= size;
      for (double& k : row.k) k *= size;
      check(row, loosest);
    }
  }
  EXPECT_EQ(loosest.usable, loosest.rows);
  EXPECT_LT(loosest.radius, 0x1p-90);
}

// A value of 1 among zeros, on a key that has 2^-64 of the weight: the radius is that small, too.
TEST(ByKeys, IsSharpRelativeToATinyResult) {
  std::mt19937_64 random(21);
  Loosest loosest;
  for (const double below : {10.0, 44.0, 300.0}) {
    Row row = random_row(random, 64, 5, 2, 1.0, 0);
    std::fill(row.v.begin(), row.v.end(), 0.0);
    row.v[0] = row.v[1] = 1;
    row.bias.assign(64, 0);
    row.bias[0] = -below;
    check(row, loosest);
  }
  EXPECT_EQ(loosest.usable, loosest.rows);
  EXPECT_GT(loosest.radius, 0);
  EXPECT_LT(loosest.radius, 0x1p-80);
}

// Gives key j a score of about `score` whose products are of 2^40 and cancel: it errs by roundings of these,
// far above all others of the row.
void cancel(Row& row, std::int64_t j, double score, std::mt19937_64& random) {
  std::uniform_real_distribution<double> size(0x1p20, 0x1p21);
  if (row.q[0] < 0x1p20) {
    for (double& q : row.q) q = size(random);
  }
  double* k = row.k.data() + j * row.qk_dim;
  k[0] = size(random);
  k[1] = size(random) * 0x1p-20;  // else pairs hold the sum exactly
  k[2] = (score - row.q[0] * k[0] - row.q[1] * k[1]) / row.q[2];
}

Row cancelling_row(const std::vector<double>& scores, std::mt19937_64& random) {
  const auto n = static_cast<std::int64_t>(scores.size());
  Row row = random_row(random, n, 3, 2, 1.0, 0);
  row.scale = 1;
  row.q.assign(3, 0);
  for (std::int64_t j = 0; j < n; ++j) cancel(row, j, scores[static_cast<std::size_t>(j)], random);
  return row;
}

// Only one key's score errs, the largest or another: scores of 0 come from keys of 0.
TEST(ByKeys, CountsTheScoreOfEachKeyForWhatItErrsBy) {
  std::mt19937_64 random(22);
  Loosest loosest;
  for (const double score : {-1.0, 1.0}) {
    for (int row_of_score = 0; row_of_score < 20; ++row_of_score) {
      Row row = cancelling_row({score, 0, 0}, random);
      std::fill(row.k.begin() + 3, row.k.end(), 0.0);
      check(row, loosest);
    }
  }
  for (int one_key = 0; one_key < 20; ++one_key) check(cancelling_row({2}, random), loosest);
  EXPECT_EQ(loosest.usable, loosest.rows);
}

// Scores near 1 under a softcap of a million err by roundings of the million.
TEST(ByKeys, CountsWhatASoftcapErrsBy) {
  std::mt19937_64 random(23);
  Loosest loosest;
  for (int k = 0; k < 20; ++k) {
    Row row = random_row(random, 3, 5, 2, 1.0, 0);
    row.softcap = 1e6;
    check(row, loosest);
  }
  EXPECT_EQ(loosest.usable, loosest.rows);
}

// Biases of 1e6 and more that the slope takes back. The sink keeps them from being taken off all keys.
TEST(ByKeys, CountsWhatBiasesAndSlopesErrBy) {
  std::mt19937_64 random(24);
  std::uniform_real_distribution<double> size(1e6, 1e9);
  Loosest loosest;
  for (int k = 0; k < 20; ++k) {
    Row row = random_row(random, 3, 5, 2, 1.0, 0);
    row.sink = 0.5;
    row.slope = 0.3;
    for (int j = 0; j < 3; ++j) {
      row.bias.push_back(size(random));
      row.distance.push_back(row.bias.back() / row.slope);
    }
    check(row, loosest);
  }
  EXPECT_EQ(loosest.usable, loosest.rows);
}

// A weight of e^-605 counts as 0 here, but its value makes the result.
TEST(ByKeys, CountsTheWeightsThatAreLost) {
  std::mt19937_64 random(25);
  Loosest loosest;
  Row row = random_row(random, 3, 5, 2, 1.0, 0);
  std::fill(row.k.begin(), row.k.end(), 0.0);
  std::fill(row.v.begin(), row.v.end(), 0.0);
  row.bias = {0, 0, -605};
  row.v[4] = row.v[5] = 0x1p599;
  check(row, loosest);
  EXPECT_EQ(loosest.usable, 1);
}

// A score of -700 is lost. One that is -700 give or take 2e5 may count or not.
TEST(ByKeys, LeavesAKeyThatMayCountOrNot) {
  Row row;
  row.keys = row.span = 2;
  row.qk_dim = 3;
  row.v_dim = 1;
  row.q = {0x1p60, 0x1p60, 1};
  row.k = {0, 0, 0, 0, 0, -700};
  row.v = {1, 2};
  row.scale = 1;
  EXPECT_TRUE(reference_by_keys(row));
  row.k[3] = 0x1p60;
  row.k[4] = -0x1p60;
  EXPECT_FALSE(reference_by_keys(row));
}

TEST(ByKeys, LeavesRowsThatItCannotTell) {
  Row row;
  row.keys = 2;
  row.qk_dim = row.v_dim = 1;
  row.span = 2;
  row.q = {1e20};
  row.k = {1 + 0x1p-52, 1 + 0x1p-52};  // equal scores of 1e20: their errors are not known to be the same
  row.v = {0, 1};
  row.scale = 1e20 / 3;
  EXPECT_FALSE(reference_by_keys(row));
  row.v = {HUGE_VAL, 1};
  EXPECT_FALSE(reference_by_keys(row));
}

}  // namespace
}  // namespace attest::oracle
