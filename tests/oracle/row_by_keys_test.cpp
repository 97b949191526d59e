// Pairs of f64 key by key, against intervals, where few keys count.
#include <algorithm>
#include <cmath>
#include <optional>
#include <random>

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
