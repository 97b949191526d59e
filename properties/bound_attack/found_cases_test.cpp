// Cases in which a correct kernel once lay beyond the bound, each the smallest that shows why a term is there
// (docs/bound-derivation.md, section 10). All operations are correctly rounded.
#include <string>

#include <gtest/gtest.h>

#include "bound_attack/search/campaign.hpp"

namespace attest::attack {
namespace {

// One query of zeros, n keys of zeros, values +1, -1, +1, ...
Problem plain_row(DType dtype, std::int64_t keys, std::int64_t depth) {
  Problem p;
  p.q = Tensor(dtype, {1, 1, 1, depth});
  p.k = Tensor(dtype, {1, 1, keys, depth});
  p.v = Tensor(dtype, {1, 1, keys, 1});
  for (std::int64_t j = 0; j < keys; ++j) p.v.set({0, 0, j, 0}, j % 2 == 0 ? 1 : -1);
  return p;
}

// Fills one key's row, and the query, with constants.
void set_key(Problem& p, std::int64_t key, double q, double k) {
  for (std::int64_t c = 0; c < p.qk_dim(); ++c) {
    p.q.set({0, 0, 0, c}, q);
    p.k.set({0, 0, key, c}, k);
  }
}

// The ratio of the kernel's worst result; the judgement must not call it violated.
double accepted_ratio(const Problem& problem, std::string_view text, const Strategy& strategy = {}) {
  const oracle::Contract contract = oracle::parse_contract(text);
  const oracle::Judgement judgement =
      oracle::judge(problem, emulate(problem, contract, strategy), only(contract));
  EXPECT_FALSE(judgement.violated()) << text << ": ratio " << judgement.worst.ratio;
  return judgement.worst.ratio;
}

Strategy queries_scaled_first() {
  Strategy strategy;
  strategy.scale_form = ScaleForm::queries;
  strategy.summation = Summation::pairwise;
  return strategy;
}

TEST(FoundCase, ProductsOfAScaledQueryUnderflowUnscaled) {
  Problem p = plain_row(DType::f16, 2, 64);
  p.scale = 0.0625;
  set_key(p, 0, 1,
          0.95 * 0x1p-14 / p.scale);  // each product is flushed, each alone within the error of a store
  EXPECT_GT(
      accepted_ratio(p, "flash-f16;accumulate_score=f16;underflow=flush-outputs", queries_scaled_first()),
      0.1);
}

TEST(FoundCase, AScaledQueryUnderflowsBeforeALargeKeyMultipliesIt) {
  Problem p = plain_row(DType::f16, 2, 1);
  p.scale = 0.0625;
  set_key(p, 0, 0x1.8p-11, 500);  // scale * q is flushed
  EXPECT_GT(
      accepted_ratio(p, "flash-f16;accumulate_score=f16;underflow=flush-outputs", queries_scaled_first()),
      0.0001);
}

TEST(FoundCase, AConversionOfQueriesFlushesThem) {
  Problem p = plain_row(DType::f16, 2, 1);
  p.scale = 0.0625;
  set_key(p, 0, 0x1.8p-11, 500);
  EXPECT_GT(accepted_ratio(p, "flash-f16;q_conversion=f16;underflow=flush-outputs", queries_scaled_first()),
            0.1);
}

TEST(FoundCase, ASlopeIsFlushedBeforeTheDistanceMultipliesIt) {
  Problem p = plain_row(DType::f16, 500, 1);
  p.alibi_slopes = Tensor(DType::f32, {1});
  p.alibi_slopes->set({0}, 0.95 * 0x1p-14);
  EXPECT_GT(accepted_ratio(p, "flash-f16;accumulate_score=f16;underflow=flush-outputs;key_block=1024"), 0.1);
}

TEST(FoundCase, EveryRescaleOfBarelyRisingScoresIsFlushed) {
  Problem p = plain_row(DType::f16, 64, 1);
  for (std::int64_t j = 0; j < 64; ++j) set_key(p, j, 1, 0.8 * 0x1p-14 * static_cast<double>(j + 1));
  EXPECT_GT(accepted_ratio(p, "flash-f16;accumulate_score=f16;underflow=flush-outputs"), 0.01);
}

TEST(FoundCase, AKeyOfTheF64ContractHasRoundingErrors) {
  Problem p = plain_row(DType::f64, 1, 1);
  p.v.set({0, 0, 0, 0}, 1.0 / 3);
  Strategy steered;
  steered.style = Style::steered;
  EXPECT_GT(accepted_ratio(p, "f64", steered), 0.1);
}

TEST(FoundCase, AQueryTimesTheScaleMayOverflow) {
  Problem p = plain_row(DType::f16, 2, 1);
  p.scale = 3;
  set_key(p, 0, 30000, 1e-4);
  accepted_ratio(p, "flash-f16;accumulate_score=f16", queries_scaled_first());
}

// Its numerator is finite, and one more rounding up is not; f32, in which the output is stored, holds that.
TEST(FoundCase, AQuotientMayOverflowANarrowNumerator) {
  Problem p = plain_row(DType::bf16, 1, 1);
  p.q = Tensor(DType::f32, {1, 1, 1, 1});
  p.v.assign({0x1.fap127});
  Strategy up;
  up.style = Style::steered;
  up.target = 0;
  accepted_ratio(p, "flash-bf16;accumulate_numerator=bf16", up);
}

TEST(FoundCase, ALazyRescaleMayOverflowANarrowDenominator) {
  Problem p = plain_row(DType::f16, 9, 1);
  for (std::int64_t j = 1; j < 9; ++j) set_key(p, j, 1, 9);
  accepted_ratio(p, "flash-f16;accumulate_denominator=f16;tau=9");
}

// Scores of 2^23 are whole numbers in f32: m + 8.6 is m + 9. Nine weights of e^9 exceed f16, nine of e^8.6 do
// not.
TEST(FoundCase, TauIsComparedAfterRounding) {
  Problem p = plain_row(DType::f16, 10, 2);
  p.q.assign({4096, 1});
  for (std::int64_t j = 0; j < 10; ++j) {
    p.k.set({0, 0, j, 0}, 2048);
    p.k.set({0, 0, j, 1}, j == 0 ? 0 : 9);
  }
  Strategy by_sum;
  by_sum.tau_by_sum = true;
  accepted_ratio(p, "flash-f16;accumulate_denominator=f16;tau=8.6", by_sum);
  const oracle::Contract contract = oracle::parse_contract("flash-f16;accumulate_denominator=f16;tau=8.6");
  EXPECT_EQ(emulate(p, contract, by_sum).out.values()[0], 0) << "the sum has overflowed";
}

// The ratio under the contract that leaves `field` out, which has to be a violation, and under the one that
// has it, which may not.
double ratio_without(const Problem& problem, const std::string& field, const std::string& claimed,
                     const Strategy& strategy = {}) {
  const std::string kept = claimed + ";" + field;
  EXPECT_GT(accepted_ratio(problem, kept, strategy), 0.05);
  const oracle::Contract contract = oracle::parse_contract(kept);
  const oracle::Judgement judgement =
      oracle::judge(problem, emulate(problem, contract, strategy), only(oracle::parse_contract(claimed)));
  EXPECT_TRUE(judgement.violated()) << claimed;
  return judgement.worst.ratio;
}

// Each of the 64 additions rounds to the last place of the bias, not of the products.
TEST(FoundCase, ABiasThatIsTheFirstTermIsRoundedWithEveryProduct) {
  Problem p = plain_row(DType::f32, 2, 64);
  p.scale = 1;
  set_key(p, 0, 1, 0x1.8p-13);
  set_key(p, 1, 1, 0x1.1p-13);
  p.bias = Tensor(DType::f32, {1, 1, 1, 2});
  p.bias->assign({2047, 2047});
  Strategy one_by_one;
  one_by_one.straight_into_accumulator = true;
  EXPECT_GT(ratio_without(p, "score.bias=first", "f32", one_by_one), 2);
}

// 2^-20 is a number of f32, and below the normal numbers of f16.
TEST(FoundCase, FlushingLosesWhatIsSubnormalInTheTypeOfTheData) {
  Problem p = plain_row(DType::f16, 2, 1);
  for (std::int64_t j = 0; j < 2; ++j) p.v.set({0, 0, j, 0}, 0x1p-15);
  const oracle::Contract contract = oracle::parse_contract("flash-f16;underflow=flush-inputs");
  EXPECT_EQ(emulate(p, contract, {}).out.values()[0], 0);
  EXPECT_GT(accepted_ratio(p, "flash-f16;underflow=flush-inputs"), 0.3);
  Problem q = plain_row(DType::f16, 2, 1);
  set_key(q, 0, 0x1p-15, 3000);  // a score of 0.09
  q.scale = 1;
  EXPECT_GT(accepted_ratio(q, "flash-f16;underflow=flush-inputs"), 0.1);
}

// The same shift on every score cancels, but not the rounding of the larger numbers.
TEST(FoundCase, AlibiByPositionRoundsNumbersOfTheSizeOfTheLastPosition) {
  Problem p = plain_row(DType::f32, 65536, 1);
  p.causal = Causal::bottom_right;
  p.alibi_slopes = Tensor(DType::f32, {1});
  p.alibi_slopes->set({0}, 1.0 / 3);
  EXPECT_GT(
      ratio_without(p, "score.alibi=position",
                    "f32;key_block=65536;accumulate_numerator.order=tree;accumulate_denominator.order=tree"),
      2);
}

}  // namespace
}  // namespace attest::attack
