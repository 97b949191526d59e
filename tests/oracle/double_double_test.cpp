// The double-double tier against intervals at a higher precision, over every feature and the extreme inputs.
#include <cmath>
#include <cstdlib>
#include <random>

#include <gtest/gtest.h>
#include <hwy/targets.h>
#include <mpfr.h>

#include "blocked_problems.hpp"
#include "oracle/definition/row.hpp"
#include "oracle/definition/visible.hpp"
#include "oracle/double_double/row_by_keys.hpp"
#include "oracle/double_double/tier.hpp"
#include "oracle/tiers/references.hpp"

namespace attest::oracle {
namespace {

// |a - b|, exact but for one rounding away from 0.
double distance_of(const Known& a, const Known& b) {
  mpfr_t sum;
  mpfr_init2(sum, 2200);  // exact for any four doubles
  mpfr_set_d(sum, a.hi, MPFR_RNDN);
  mpfr_add_d(sum, sum, a.lo, MPFR_RNDN);
  mpfr_sub_d(sum, sum, b.hi, MPFR_RNDN);
  mpfr_sub_d(sum, sum, b.lo, MPFR_RNDN);
  const double away = std::fabs(mpfr_get_d(sum, MPFR_RNDA));
  mpfr_clear(sum);
  return away;
}

struct Seen {
  int rows = 0, usable = 0;
  int keyed = 0;             // usable key by key
  double largest_share = 0;  // of a radius
};

void compare(const Known& pair, const Known& interval, Seen& seen) {
  const double away = distance_of(pair, interval);
  ASSERT_LE(away, (pair.radius + interval.radius) * (1 + 0x1p-40));
  seen.largest_share = std::fmax(seen.largest_share, away / pair.radius);
}

void check_row(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i, const SharpRow& sharp,
               Seen& seen) {
  ++seen.rows;
  if (!sharp.usable) return;
  ++seen.usable;
  const Row row = gather_row(p, b, h, i);
  ASSERT_GT(row.keys, 0);
  const RowFacts facts = reference_interval(row, 320);
  for (std::size_t c = 0; c < facts.out.size(); ++c) compare(sharp.out[c], facts.out[c], seen);
  compare(sharp.lse, facts.lse, seen);
  const SharpRow alone = dd::sharpen(row);
  ASSERT_TRUE(alone.usable) << "a row's own norms are at most its head's";
  for (std::size_t c = 0; c < facts.out.size(); ++c) compare(alone.out[c], facts.out[c], seen);
  compare(alone.lse, facts.lse, seen);
  const SharpRow keyed = dd::sharpen_by_keys(row);
  if (!keyed.usable) return;
  ++seen.keyed;
  for (std::size_t c = 0; c < facts.out.size(); ++c) compare(keyed.out[c], facts.out[c], seen);
  compare(keyed.lse, facts.lse, seen);
}

// Multiplies the number of problems, for runs longer than a unit test.
int effort() {
  const char* factor = std::getenv("ATTEST_TEST_EFFORT");
  return factor == nullptr ? 1 : std::max(1, std::atoi(factor));
}

Seen check_many(Inputs inputs, int problems, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Seen seen;
  for (int k = 0; k < problems * effort() && !testing::Test::HasFatalFailure(); ++k) {
    Problem p = random_problem(random, inputs);
    if (k % 2 == 1) p = in_f64(std::move(p), random);
    SCOPED_TRACE(describe(p));
    for (std::int64_t b = 0; b < p.batch(); ++b) {
      for (std::int64_t h = 0; h < p.q_heads(); ++h) {
        dd::sharpen_rows(p, dd::head_of(p, b, h), b, h, 0, p.q_len(),
                         [&](std::int64_t i, const SharpRow& row) {
                           if (i % 13 == h % 13 || p.q_len() < 13) check_row(p, b, h, i, row, seen);
                         });
      }
    }
  }
  testing::Test::RecordProperty("rows", seen.rows);
  testing::Test::RecordProperty("certified", seen.usable);
  testing::Test::RecordProperty("largest_share_of_radius", std::to_string(seen.largest_share));
  return seen;
}

class DoubleDouble : public testing::TestWithParam<Inputs> {};

TEST_P(DoubleDouble, EnclosesTheIntervalsOrLeavesThem) {
  const Seen seen = check_many(GetParam(), GetParam() == Inputs::long_rows ? 2 : 4, 40);
  EXPECT_GT(seen.rows, 3);
  if (GetParam() != Inputs::near_overflow && GetParam() != Inputs::huge_values) {
    EXPECT_GT(seen.usable, seen.rows / 8);
    EXPECT_GT(seen.keyed, seen.rows / 8);
    EXPECT_GT(seen.largest_share, 1e-6) << "radii this loose mean that something is counted twice";
  }
}

INSTANTIATE_TEST_SUITE_P(Inputs, DoubleDouble,
                         testing::Values(Inputs::ordinary, Inputs::peaked, Inputs::near_identical,
                                         Inputs::heavy_tails, Inputs::tiny, Inputs::spread, Inputs::ramp,
                                         Inputs::very_negative, Inputs::near_overflow, Inputs::bit_patterns,
                                         Inputs::huge_values, Inputs::ties, Inputs::leading_mask,
                                         Inputs::long_rows));

class DoubleDoubleOn : public testing::TestWithParam<std::int64_t> {};

TEST_P(DoubleDoubleOn, EnclosesOnThisInstructionSet) {
  hwy::SetSupportedTargetsForTest(GetParam());
  const Seen seen = check_many(Inputs::ordinary, 2, 41);
  hwy::SetSupportedTargetsForTest(0);
  EXPECT_GT(seen.usable, 10);
}

INSTANTIATE_TEST_SUITE_P(InstructionSets, DoubleDoubleOn,
                         testing::Values(HWY_AVX3, HWY_AVX2, HWY_SSE4, HWY_SCALAR));

// The checks above can fail.
TEST(DoubleDouble, WouldBeCaughtOneUlpAwayInOneValueOfOneKey) {
  std::mt19937_64 random(42);
  Problem p = in_f64(random_problem(random, Inputs::ordinary), random);
  p.mask.reset();
  p.bias.reset();
  p.kv_lens.reset();
  p.alibi_slopes.reset();
  p.window_left = p.window_right = -1;
  p.causal = Causal::none;
  p.scale = 0.1;
  const SharpRow wrong = dd::sharpen(gather_row(p, 0, 0, 5));
  const double v = p.v.at({0, 0, 60, 0});
  p.v.set({0, 0, 60, 0}, std::nextafter(v, HUGE_VAL));
  const RowFacts facts = reference_interval(gather_row(p, 0, 0, 5), 320);
  ASSERT_TRUE(wrong.usable);
  EXPECT_GT(distance_of(wrong.out[0], facts.out[0]), 1000 * wrong.out[0].radius);
  EXPECT_LE(distance_of(wrong.lse, facts.lse), wrong.lse.radius);
}

TEST(DoubleDouble, LeavesRowsWhoseConditionsFail) {
  Row row;
  row.keys = row.span = 2;
  row.qk_dim = row.v_dim = 1;
  row.q = {1};
  row.k = {3, 3};
  row.v = {1, 4};
  EXPECT_TRUE(dd::sharpen(row).usable);
  const auto usable_with = [&](auto change) {
    Row changed = row;
    change(changed);
    return dd::sharpen(changed).usable;
  };
  EXPECT_FALSE(usable_with([](Row& r) { r.v[0] = 0x1p650; }));
  EXPECT_FALSE(usable_with([](Row& r) { r.q[0] = 0x1p450; }));
  EXPECT_FALSE(usable_with([](Row& r) { r.k[1] = NAN; }));
  EXPECT_FALSE(usable_with([](Row& r) { r.v[1] = HUGE_VAL; }));
  EXPECT_FALSE(usable_with([](Row& r) { r.scale = 0x1p120; }));
  EXPECT_FALSE(usable_with([](Row& r) { r.softcap = 0x1p-120; }));
  EXPECT_FALSE(usable_with([](Row& r) { r.k = {0x1p90, -0x1p90}; })) << "no digit of such scores is left";
  EXPECT_TRUE(usable_with([](Row& r) { r.scale = 0; }));
}

}  // namespace
}  // namespace attest::oracle
