// What the bound depends on: the schedule that a contract names, each feature's own term, and its conditions.
#include "oracle/bound/bound.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "oracle/tiers/references.hpp"

namespace attest::oracle {
namespace {

Row plain_row(std::int64_t keys) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  Row row;
  row.keys = row.span = keys;
  row.qk_dim = 4;
  row.v_dim = 1;
  row.scale = 0.5;
  for (int c = 0; c < 4; ++c) row.q.push_back(normal(random));
  for (std::int64_t c = 0; c < 4 * keys; ++c) row.k.push_back(normal(random));
  for (std::int64_t j = 0; j < keys; ++j) row.v.push_back(normal(random));
  return row;
}

RowBound bound_under(const char* contract, const Row& row) {
  return bound_of(parse_contract(contract), row, reference_f64(row), DType::f32, DType::f32);
}

double out_under(const char* contract, const Row& row) { return bound_under(contract, row).out[0]; }

TEST(Bound, OfATreeGrowsWithItsDepthNotWithTheKeys) {
  const char* tree = "f32;key_block=64;accumulate_numerator.order=tree;accumulate_denominator.order=tree";
  const Row row = plain_row(2048);
  EXPECT_LT(out_under(tree, row), out_under("f32;key_block=64", row) / 4);
  EXPECT_LT(out_under("f32;key_block=64", row), out_under("f32", row)) << "fewer tiles, fewer rescales";
  EXPECT_LT(out_under("f32", row), out_under("f32;accumulate_numerator.order=block-fma:4", row));
  EXPECT_LT(out_under("f32", row), out_under("f32;splits=4;merge=lse", row));
}

TEST(Bound, CountsTanhOnlyUnderSoftcap) {
  Row row = plain_row(16);
  EXPECT_EQ(out_under("f32", row), out_under("f32;tanh_rel=0.01;tanh_abs=0.01", row));
  row.softcap = 2;
  EXPECT_LT(2 * out_under("f32", row), out_under("f32;tanh_rel=0.01", row));
  EXPECT_LT(2 * out_under("f32", row), out_under("f32;tanh_abs=0.01", row));
}

TEST(Bound, CountsTheAdditionsOfBiasAndAlibi) {
  const Row row = plain_row(16);
  Row biased = row;
  biased.bias.assign(16, 1000.0);  // moves no probability, but each addition rounds at 1000
  EXPECT_LT(2 * out_under("f32", row), out_under("f32", biased));
  Row alibi = row;
  alibi.slope = 1e-3;
  alibi.distance.assign(16, 1e6);
  EXPECT_LT(2 * out_under("f32", row), out_under("f32", alibi));
}

TEST(Bound, CountsASinkOutsideTheMaximumWhereThereIsOne) {
  Row row = plain_row(16);
  EXPECT_EQ(out_under("f32", row), out_under("f32;sink_in_max=false", row));
  row.sink = 30;
  EXPECT_LT(out_under("f32", row), out_under("f32;sink_in_max=false", row));
}

TEST(Bound, CountsTheLogarithmInLseAlone) {
  const Row row = plain_row(16);
  const RowBound plain = bound_under("f32", row);
  const RowBound logged = bound_under("f32;log_rel=0.01;log_abs=0.01", row);
  EXPECT_EQ(plain.out[0], logged.out[0]);
  EXPECT_LT(10 * plain.lse, logged.lse);
}

TEST(Bound, IsRefusedWhereTheDenominatorMayVanish) {
  const Row row = plain_row(16);
  EXPECT_TRUE(std::isfinite(out_under("f32;exp_rel=0.01", row)));
  const RowBound refused = bound_under("f32;exp_rel=1", row);
  EXPECT_EQ(refused.out[0], HUGE_VAL);
  EXPECT_EQ(refused.lse, HUGE_VAL);
}

}  // namespace
}  // namespace attest::oracle
