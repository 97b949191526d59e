// The reference tiers against each other and against closed forms.
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "enclosure.hpp"
#include "oracle/tiers/references.hpp"

namespace attest::oracle {
namespace {

// Where scores are off by more than 1, the errors of the weights exceed their sum: a lower bound of the sum
// by subtraction was negative, and so were radii; beyond, they were NaN.
TEST(Reference, TheF64TierEnclosesTheIntervalTierWhereItKnowsNothingOfTheWeights) {
  std::mt19937_64 random(11);
  std::int64_t unknown = 0;
  for (unsigned features = 0; features < 32; features += 4) {
    for (const double deviation : {1e14, 1e15, 3e15, 1e16, 1e19, 1e23}) {
      for (const std::int64_t n : {1, 2, 17}) {
        const Row row = random_row(random, n, 5, 2, deviation, features);
        const RowFacts fast = reference_f64(row);
        const RowFacts sharp = reference_interval(row, 512);
        for (std::size_t c = 0; c < fast.out.size(); ++c) {
          ASSERT_GE(fast.out[c].radius, 0) << deviation;
          expect_encloses(fast.out[c], sharp.out[c], "out");
          if (std::isinf(fast.out[c].radius)) ++unknown;
        }
        ASSERT_GE(fast.lse.radius, 0) << deviation;
        if (std::isfinite(fast.lse.radius)) expect_encloses(fast.lse, sharp.lse, "lse");
        EXPECT_GT(fast.sum_lower, 0);
        for (std::size_t j = 0; j < fast.keys.size(); ++j) {
          EXPECT_GE(fast.keys[j].probability * (1 + 1e-14), sharp.keys[j].probability);
          EXPECT_LE(fast.keys[j].probability, 1);
        }
      }
    }
  }
  EXPECT_GT(unknown, 0) << "no row was beyond what f64 knows";
}

TEST(Reference, TheF64TierEnclosesTheIntervalTierOverEveryFeature) {
  std::mt19937_64 random(7);
  for (unsigned features = 0; features < 32; ++features) {
    for (const double deviation : {0.0, 1.0, 30.0, 1e5}) {
      for (const std::int64_t n : {1, 2, 17, 120}) {
        const Row row = random_row(random, n, 5, 2, deviation, features);
        const RowFacts fast = reference_f64(row);
        const RowFacts sharp = reference_interval(row, 256);
        for (std::size_t c = 0; c < fast.out.size(); ++c) expect_encloses(fast.out[c], sharp.out[c], "out");
        expect_encloses(fast.lse, sharp.lse, "lse");
        // Every quantity of the bound must be at least the exact one.
        for (std::size_t j = 0; j < fast.keys.size(); ++j) {
          const double slack = 1 + 1e-14;
          EXPECT_GE(fast.keys[j].gap * slack + 1e-300, sharp.keys[j].gap);
          EXPECT_GE(fast.keys[j].probability * slack, sharp.keys[j].probability * (1 - 1e-15));
          EXPECT_GE(fast.keys[j].dot_abs * slack, sharp.keys[j].dot_abs);
          EXPECT_GE(fast.keys[j].running * slack, sharp.keys[j].running);
          EXPECT_GE(fast.keys[j].final * slack, sharp.keys[j].final);
        }
        EXPECT_LE(fast.sum_lower, sharp.sum_lower * (1 + 1e-14));
        EXPECT_GE(fast.max_abs_score * (1 + 1e-14), sharp.max_abs_score);
      }
    }
  }
}

TEST(Reference, TheDoubleDoubleTierEnclosesTheIntervalTierOverEveryFeature) {
  std::mt19937_64 random(17);
  double loosest = 0;
  for (unsigned features = 0; features < 32; ++features) {
    for (const double deviation : {0.0, 1.0, 30.0, 1e5}) {
      for (const std::int64_t n : {1, 2, 17, 33, 120}) {
        const Row row = random_row(random, n, 5, 2, deviation, features);
        const std::optional<RowFacts> pairs = reference_double_double(row);
        ASSERT_TRUE(pairs);
        const RowFacts sharp = reference_interval(row, 320);
        double largest = 0;
        for (const double v : row.v) largest = std::fmax(largest, std::fabs(v));
        for (std::size_t c = 0; c < sharp.out.size(); ++c) {
          expect_encloses(pairs->out[c], sharp.out[c], "out");
          if (deviation <= 30) loosest = std::fmax(loosest, pairs->out[c].radius / largest);
        }
        expect_encloses(pairs->lse, sharp.lse, "lse");
      }
    }
  }
  EXPECT_LT(loosest, 0x1p-84);
  EXPECT_GT(loosest, 0x1p-100);
}

TEST(Reference, TheRadiusScalesWithTheSpreadOfTheValuesNotWithTheirSize) {
  std::mt19937_64 random(8);
  const Row row = random_row(random, 50, 8, 1, 1.0, 1);
  const RowFacts facts = reference_f64(row);
  EXPECT_LT(facts.out[0].radius, 1e-19);  // 1e3 + 1e-6 randn: u |v| alone would be 1e-13
}

TEST(Reference, TwoEqualKeysGiveTheirMeanAndLogTwo) {
  Row row;
  row.keys = 2;
  row.qk_dim = row.v_dim = 1;
  row.span = 2;
  row.q = {1};
  row.k = {3, 3};
  row.v = {1, 4};
  for (const RowFacts& facts : {reference_f64(row), reference_interval(row, 128)}) {
    EXPECT_EQ(facts.out[0].hi + facts.out[0].lo, 2.5);
    EXPECT_NEAR(facts.lse.hi + facts.lse.lo, 3 + std::log(2.0), 1e-15);
    EXPECT_LT(facts.lse.radius, 1e-14);
  }
}

TEST(Reference, IntervalsShrinkWithPrecision) {
  std::mt19937_64 random(9);
  const Row row = random_row(random, 40, 8, 1, 10.0, 0);
  EXPECT_LT(reference_interval(row, 128).out[0].radius, 1e-30);
  EXPECT_LT(reference_interval(row, 256).out[0].radius, reference_interval(row, 128).out[0].radius);
}

}  // namespace
}  // namespace attest::oracle
