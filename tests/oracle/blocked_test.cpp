// The blocked tier against the two that check it: intervals for what is exact, the row path for the bound.
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <random>

#include <gtest/gtest.h>
#include <hwy/targets.h>
#include <mpfr.h>

#include "blocked_problems.hpp"
#include "oracle/blocked/kernels.hpp"
#include "oracle/blocked/tier.hpp"
#include "oracle/contract/questions.hpp"
#include "oracle/definition/row.hpp"
#include "oracle/definition/visible.hpp"
#include "oracle/double_double/tier.hpp"
#include "oracle/tiers/certificate.hpp"
#include "oracle/tiers/references.hpp"

namespace attest::oracle {
namespace {

using blocked::CertifiedRow;
using blocked::CertifiedValue;

// |wide - sharp|, rounded away from 0 once: a difference of pairs may be far smaller than an ulp of their
// parts.
double distance_of(const Known& wide, const Known& sharp) {
  mpfr_t sum;
  mpfr_init2(sum, 2200);  // exact for any four doubles
  mpfr_set_d(sum, wide.hi, MPFR_RNDN);
  mpfr_add_d(sum, sum, wide.lo, MPFR_RNDN);
  mpfr_sub_d(sum, sum, sharp.hi, MPFR_RNDN);
  mpfr_sub_d(sum, sum, sharp.lo, MPFR_RNDN);
  const double away = std::fabs(mpfr_get_d(sum, MPFR_RNDA));
  mpfr_clear(sum);
  return away;
}

// How much of `wide`'s radius lies between the two; more than 1: they do not overlap.
double share_of_radius(const Known& wide, const Known& sharp) {
  const double away = distance_of(wide, sharp);
  return away <= sharp.radius ? 0 : (away - sharp.radius) / wide.radius;
}

struct Seen {
  int rows = 0, usable = 0;
  double largest_share = 0;    // of a radius
  double loosest = 0;          // bound / the row path's
  double least_sharpest = 0;   // least bound / the row path's
  int outputs = 0, known = 0;  // known: more than a third of the row path's bound from below
};

void compare(const CertifiedValue& value, const Known& exact, double row_bound, Seen& seen) {
  const double share = share_of_radius(value.known, exact);
  ASSERT_LE(share, 1 + 0x1p-40);
  ASSERT_GE(value.bound * (1 + 0x1p-25), row_bound);
  ASSERT_LE(value.least_bound, row_bound * (1 + 0x1p-25));
  ASSERT_LE(value.least_bound_inside, row_bound * (1 + 0x1p-25));
  seen.largest_share = std::fmax(seen.largest_share, share);
  seen.loosest = std::fmax(seen.loosest, value.bound / row_bound);
  seen.least_sharpest = std::fmax(seen.least_sharpest, value.least_bound / row_bound);
}

void check_row(const Problem& p, const ContractSet& contract, std::int64_t b, std::int64_t h, std::int64_t i,
               const CertifiedRow& certified, Seen& seen) {
  ++seen.rows;
  if (!certified.usable) return;
  ++seen.usable;
  const Row row = gather_row(p, b, h, i);
  ASSERT_GT(row.keys, 0);
  ASSERT_TRUE(row.finite);
  const RowFacts facts = reference_interval(row, certified.tier == Tier::f64 ? 160 : 320);
  const RowBound bound = loosest(contract, row, facts, p);
  const std::vector<double> limits = informative_limits(row);
  const std::vector<ValueRange> ranges = value_ranges(row);
  ASSERT_TRUE(bound.scores_in_range && bound.lse_in_range);
  for (std::size_t c = 0; c < facts.out.size(); ++c) {
    ASSERT_TRUE(bound.in_range[c]);
    ASSERT_TRUE(bound.out[c] < limits[c] || (limits[c] == 0 && bound.out[c] < HUGE_VAL));  // 0: only zeros
    compare(certified.out[c], facts.out[c], bound.out[c], seen);
    const CertifiedValue& value = certified.out[c];
    ASSERT_LE(value.least_bound, bound.hull[c] * (1 + 0x1p-25));
    ASSERT_TRUE(!(value.low <= value.high) || (value.low >= ranges[c].low && value.high <= ranges[c].high));
    ++seen.outputs;
    if (value.low <= value.high && value.least_bound_inside > bound.out[c] / 3) ++seen.known;
  }
  compare(certified.lse, facts.lse, bound.lse, seen);
  ASSERT_LE(certified.lse.least_bound, bound.lse_hull * (1 + 0x1p-25));
}

std::vector<std::int64_t> all_rows(const Problem& p) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(p.q_len()));
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

std::vector<SharpRow> sharp_rows(const Problem& p, std::int64_t b, std::int64_t h) {
  std::vector<SharpRow> rows;
  dd::sharpen_rows(p, dd::head_of(p, b, h), b, h, 0, p.q_len(),
                   [&](std::int64_t, const SharpRow& row) { rows.push_back(row); });
  return rows;
}

// Every `step`th row of the problem; all go through the tier, under contracts of f64 through both.
void check_problem(const Problem& p, const ContractSet& contract, std::int64_t step, Seen& seen) {
  ASSERT_EQ(why_invalid(p), "");
  ASSERT_TRUE(blocked::suits(p));
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t h = 0; h < p.q_heads(); ++h) {
      const blocked::HeadFacts head = blocked::facts_of_head(p, b, kv_head_of(p, h));
      const std::vector<SharpRow> sharp = all_f64(contract) ? sharp_rows(p, b, h) : std::vector<SharpRow>{};
      blocked::certify_rows(p, contract, head, b, h, all_rows(p), sharp,
                            [&](std::int64_t i, const CertifiedRow& row) {
                              if (i % step == h % step) check_row(p, contract, b, h, i, row, seen);
                            });
    }
  }
}

// Multiplies the number of problems, for runs longer than a unit test.
int effort() {
  const char* factor = std::getenv("ATTEST_TEST_EFFORT");
  return factor == nullptr ? 1 : std::max(1, std::atoi(factor));
}

Seen check_many(Inputs inputs, int problems, const char* contract, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Seen seen;
  for (int k = 0; k < problems * effort() && !testing::Test::HasFatalFailure(); ++k) {
    const Problem p = random_problem(random, inputs);
    SCOPED_TRACE(describe(p));
    check_problem(p, contract_for(contract, p.q.dtype(), p.k.dtype()), 11, seen);
  }
  testing::Test::RecordProperty("rows", seen.rows);
  testing::Test::RecordProperty("certified", seen.usable);
  testing::Test::RecordProperty("largest_share_of_radius", std::to_string(seen.largest_share));
  testing::Test::RecordProperty("largest_ratio_of_bounds", std::to_string(seen.loosest));
  testing::Test::RecordProperty("largest_ratio_of_lower_bound", std::to_string(seen.least_sharpest));
  return seen;
}

TEST(Blocked, EnclosesTheIntervalsAndTheRowPathsBoundOverEveryFeature) {
  const Seen seen = check_many(Inputs::ordinary, 30, "f32", 1);
  EXPECT_GT(seen.usable, seen.rows / 2);
  EXPECT_GT(seen.largest_share, 1e-4) << "radii this loose mean that something is counted twice";
  EXPECT_LT(seen.largest_share, 1);
}

TEST(Blocked, EnclosesPeakedScoresWhichNeedAFirstPass) {
  EXPECT_GT(check_many(Inputs::peaked, 30, "f32", 2).usable, 100);
}

TEST(Blocked, EnclosesNearIdenticalValuesToTheirSpread) {
  EXPECT_GT(check_many(Inputs::near_identical, 20, "f32", 3).usable, 50);
}

TEST(Blocked, EnclosesMagnitudesOverTwentyDecadesOrLeavesThem) {
  EXPECT_GT(check_many(Inputs::heavy_tails, 40, "f32", 4).rows, 100);
}

TEST(Blocked, EnclosesSubnormalInputsOrLeavesThem) {
  EXPECT_GT(check_many(Inputs::tiny, 40, "f32", 5).rows, 100);
}

class BlockedExtremes : public testing::TestWithParam<Inputs> {};

TEST_P(BlockedExtremes, EnclosesOrLeavesThem) {
  const Seen seen = check_many(GetParam(), GetParam() == Inputs::long_rows ? 2 : 5, "f32", 30);
  EXPECT_GT(seen.rows, 3);
  if (GetParam() != Inputs::near_overflow) {
    EXPECT_GT(seen.usable, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Inputs, BlockedExtremes,
                         testing::Values(Inputs::spread, Inputs::ramp, Inputs::very_negative,
                                         Inputs::near_overflow, Inputs::bit_patterns, Inputs::huge_values,
                                         Inputs::ties, Inputs::leading_mask, Inputs::long_rows));

TEST(Blocked, BoundsF64ContractsAroundTheDoubleDoubleTier) {
  std::mt19937_64 random(31);
  Seen seen;
  for (int k = 0; k < 12 * effort() && !testing::Test::HasFatalFailure(); ++k) {
    const Problem p = in_f64(random_problem(random, k % 3 == 2 ? Inputs::peaked : Inputs::ordinary), random);
    SCOPED_TRACE(describe(p));
    check_problem(p, contract_for("f64", DType::f64, DType::f64), 11, seen);
  }
  EXPECT_GT(seen.usable, seen.rows / 3);
}

TEST(Blocked, BoundsEveryKindOfContractFromBothSides) {
  std::uint64_t seed = 100;
  for (const std::string& contract : contracts_for_bounds()) {
    SCOPED_TRACE(contract);
    const Seen seen = check_many(Inputs::ordinary, 4, contract.c_str(), ++seed);
    EXPECT_GT(seen.rows, 0);
    if (testing::Test::HasFatalFailure()) return;
  }
}

// Where scores are stored in 16 bits most of the bound is their error, and the tier knows it from below too:
// without it nearly every row of such a contract would be left to the row path.
TEST(Blocked, KnowsTheErrorsOfStoredScoresFromBelow) {
  std::mt19937_64 random(32);
  Seen ordinary;
  for (const Inputs inputs : {Inputs::ordinary, Inputs::near_identical, Inputs::spread, Inputs::ramp,
                              Inputs::ties, Inputs::peaked, Inputs::heavy_tails}) {
    Seen others;
    for (int k = 0; k < 6 * effort() && !testing::Test::HasFatalFailure(); ++k) {
      const Problem p = without_terms(random_problem(random, inputs));
      SCOPED_TRACE(describe(p));
      check_problem(p,
                    contract_for("unfused-bf16|unfused-f16|f32;score.scaled=f16", p.q.dtype(), p.k.dtype()),
                    11, inputs == Inputs::ordinary ? ordinary : others);
    }
  }
  EXPECT_GT(ordinary.outputs, 500);
  EXPECT_GT(ordinary.known, ordinary.outputs / 4);
}

class BlockedOn : public testing::TestWithParam<std::int64_t> {};

TEST_P(BlockedOn, EnclosesOnThisInstructionSet) {
  hwy::SetSupportedTargetsForTest(GetParam());
  EXPECT_STREQ(blocked::instruction_set(), hwy::TargetName(GetParam()));
  const Seen seen = check_many(Inputs::ordinary, 10, "f32", 6);
  hwy::SetSupportedTargetsForTest(0);
  EXPECT_GT(seen.usable, 50);
}

INSTANTIATE_TEST_SUITE_P(InstructionSets, BlockedOn,
                         testing::Values(HWY_AVX3, HWY_AVX2, HWY_SSE4, HWY_SCALAR));

TEST(Blocked, LeavesHeadsWithNonFiniteKeysEvenMaskedOnes) {
  std::mt19937_64 random(7);
  Problem p = random_problem(random, Inputs::ordinary);
  p.v.set({0, 0, 5, 0}, NAN);
  EXPECT_FALSE(blocked::facts_of_head(p, 0, 0).usable);
  p.v.set({0, 0, 5, 0}, 1);
  p.k.set({0, 0, 5, 0}, HUGE_VAL);
  EXPECT_FALSE(blocked::facts_of_head(p, 0, 0).usable);
}

// One plain head: no feature hides a key or moves a bound.
Problem plain_problem(std::mt19937_64& random) {
  Problem p;
  for (Tensor* t : {&p.q, &p.k, &p.v}) {
    *t = Tensor(DType::f32, {1, 1, 128, 8});
    std::vector<double> values(128 * 8);
    std::normal_distribution<double> normal;
    for (double& x : values) x = normal(random);
    t->assign(values);
  }
  p.scale = 0.35;
  return p;
}

template <class F>
void for_each_row(const Problem& p, const char* contract, F take) {
  const ContractSet set = contract_for(contract, DType::f32, DType::f32);
  blocked::certify_rows(p, set, blocked::facts_of_head(p, 0, 0), 0, 0, 0, p.q_len(),
                        [&](std::int64_t i, const CertifiedRow& row) { take(i, row); });
}

// The checks above can fail: what follows must not pass them.
TEST(Blocked, WouldBeCaughtWithOneWrongValueAmongManyKeys) {
  std::mt19937_64 random(8);
  const Problem right = plain_problem(random);
  Problem wrong = right;
  wrong.v.set({0, 0, 77, 2}, right.v.at({0, 0, 77, 2}) + 1e-6);
  for_each_row(wrong, "f32", [&](std::int64_t i, const CertifiedRow& row) {
    ASSERT_TRUE(row.usable);
    const RowFacts exact = reference_interval(gather_row(right, 0, 0, i), 128);
    EXPECT_GT(share_of_radius(row.out[2].known, exact.out[2]), 1);
    EXPECT_LE(share_of_radius(row.out[3].known, exact.out[3]), 1);
  });
}

TEST(Blocked, WouldBeCaughtWithABoundThatForgetsATerm) {
  std::mt19937_64 random(9);
  const Problem p = plain_problem(random);
  const ContractSet looser = contract_for("f32;exp_rel=0.00001", DType::f32, DType::f32);
  for_each_row(p, "f32", [&](std::int64_t i, const CertifiedRow& row) {
    ASSERT_TRUE(row.usable);
    const Row gathered = gather_row(p, 0, 0, i);
    const RowBound bound = loosest(looser, gathered, reference_f64(gathered), p);
    for (std::size_t c = 0; c < row.out.size(); ++c) EXPECT_LT(row.out[c].bound, bound.out[c]);
  });
}

}  // namespace
}  // namespace attest::oracle
