// Cases in which a correct kernel once lay beyond the bound, each the smallest that shows why a term is there
// (docs/bound-derivation.md, section 10). All operations are correctly rounded.
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

}  // namespace
}  // namespace attest::attack
