// What contracts answer to laws, generators and limits.
#include "oracle/contract/questions.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace attest::oracle {
namespace {

Contract one(const std::string& text) { return parse_contract(text); }

// Alternatives of one dtype.
ContractSet any_of(const std::string& declared, DType dtype) { return contract_for(declared, dtype, dtype); }

TEST(Questions, TheLargestScoreIsThatOfTheNarrowestStore) {
  EXPECT_EQ(largest_score(one("f32")), kBinary32.max_finite());
  EXPECT_EQ(largest_score(one("f32;accumulate_score=f16")), 65504);
  for (const char* store : {"score.product", "score.scaled", "score.biased"}) {
    EXPECT_EQ(largest_score(one(std::string("f32;") + store + "=f16")), 65504) << store;
  }
  EXPECT_EQ(largest_score(one("f32;q_conversion=f16")), kBinary32.max_finite()) << "a query is no score";
  EXPECT_EQ(largest_converted_query(one("f32;q_conversion=f16")), 65504);
  EXPECT_EQ(largest_converted_query(one("f32")), HUGE_VAL);
  EXPECT_EQ(largest_score(any_of("flash-f16 | unfused-f16", DType::f16)), 65504) << "the least of all";
}

TEST(Questions, ALaggingShiftLeavesSumsLessRoom) {
  EXPECT_EQ(largest_sum(one("f32")), kBinary32.max_finite());
  EXPECT_EQ(largest_sum(one("f32;tau=8")), kBinary32.max_finite() * std::exp(-8));
  EXPECT_EQ(largest_sum(one("f32;output=f16")), 65504);
  EXPECT_EQ(largest_lag(any_of("f32 | f32;tau=8", DType::f32)), 8);
  EXPECT_EQ(largest_lag(any_of("f32;tau=8;shift_above=9", DType::f32)), 9);
  EXPECT_EQ(largest_lag(any_of("f32;shift_above=norms", DType::f32)), HUGE_VAL);
  EXPECT_EQ(largest_sum(one("f32;v_conversion=e4m3")), 448);
  EXPECT_EQ(largest_sum(one("f32;probability=e4m3;probability.scale=256")), kBinary32.max_finite() / 256);
}

TEST(Questions, ConversionsLimitKeysAndValues) {
  EXPECT_EQ(largest_converted_key(any_of("f32 | f32;k_conversion=e4m3", DType::f32)), 448);
  EXPECT_EQ(largest_converted_value(any_of("f32;v_conversion=e5m2", DType::f32)), 57344);
  EXPECT_EQ(largest_converted_value(any_of("f32", DType::f32)), kBinary64.max_finite());
  EXPECT_EQ(largest_score(one("f32;k_conversion=f16")), kBinary32.max_finite()) << "a key is no score";
}

TEST(Questions, BitsOfCallsDifferByChanceOrByDeclaration) {
  EXPECT_TRUE(repeats_bits(any_of("f32", DType::f32)));
  EXPECT_FALSE(repeats_bits(any_of("f32 | f32;repeatable=false", DType::f32)));
  EXPECT_FALSE(repeats_bits(any_of("flash-bf16;probability.rounding=stochastic", DType::bf16)));
}

TEST(Questions, KeysAndValuesAreThoseThatTheCacheHolds) {
  Problem p;
  p.q = Tensor(DType::f32, {1, 1, 1, 1});
  p.k = p.v = Tensor(DType::f32, {1, 1, 1, 1});
  p.v.set({0, 0, 0, 0}, 5.5e-5 / 8);  // between two numbers of f16
  const ContractSet f16_cache = any_of("f32;kv_storage=f16", DType::f32);
  EXPECT_TRUE(may_be_given(any_of("f32", DType::f32), p));
  EXPECT_FALSE(may_be_given(f16_cache, p));
  EXPECT_TRUE(may_be_given(f16_cache, stored(p, KvStorage::f16)));
  p.v.set({0, 0, 0, 0}, 67406);
  EXPECT_FALSE(may_be_given(f16_cache, p));
  p.v.set({0, 0, 0, 0}, std::nan(""));
  EXPECT_TRUE(may_be_given(f16_cache, p)) << "what is poison to attention is none to a cache";
}

TEST(Questions, EveryCastOfAScoreAddsToItsError) {
  const double plain = score_error_rate(one("f32"), 64);
  EXPECT_DOUBLE_EQ(plain, 0x1p-24 * (64 + 12 + 2));
  for (const char* cast : {"score.product=f16", "score.scaled=f16", "score.biased=f16", "q_conversion=f16"}) {
    EXPECT_DOUBLE_EQ(score_error_rate(one(std::string("f32;") + cast), 64), plain + 0x1p-11) << cast;
  }
  EXPECT_DOUBLE_EQ(score_error_rate(one("f32;q_conversion=q8_0"), 64), plain + 1.0 / 254 + 0x1p-11);
  EXPECT_EQ(coarsest_score_roundoff(any_of("flash-f16 | unfused-f16", DType::f16)), 0x1p-11);
  EXPECT_EQ(coarsest_score_roundoff(any_of("f32", DType::f32)), 0x1p-24);
}

TEST(Questions, SumsErrPerKeyByTheirFormatsAndRescales) {
  EXPECT_DOUBLE_EQ(sum_error_rate(one("f32;key_block=8")), 0x1p-24 + 2 * 0x1p-24);
  EXPECT_DOUBLE_EQ(sum_error_rate(one("f32;unfused=true")), 2 * 0x1p-24);
}

TEST(Questions, ScaledValuesStayNormalWhileTheirProductsDo) {
  const ContractSet f32 = any_of("f32", DType::f32);
  const ScaledValues ordinary{.least = 0x1p-20, .largest = 0x1p20, .factor = 8, .keys = 100, .gap = 20};
  EXPECT_TRUE(stay_normal(f32, ordinary, DType::f32));
  ScaledValues far = ordinary;
  far.gap = 70;  // 2^-20 e^-70 / 8 is 2^-124; its last place is not normal
  EXPECT_FALSE(stay_normal(f32, far, DType::f32));
  ScaledValues large = ordinary;
  large.largest = 0x1p120;
  EXPECT_FALSE(stay_normal(f32, large, DType::f32));
  EXPECT_FALSE(stay_normal(f32, ordinary, DType::f16)) << "2^23 is beyond f16";
  EXPECT_FALSE(stay_normal(any_of("f32;output=f16", DType::f32), ordinary, DType::f32));
  EXPECT_EQ(least_normal_output(f32, DType::f32), 0x1p-126);
  EXPECT_EQ(least_normal_output(any_of("f32;output=f16", DType::f32), DType::f32), 0x1p-14);
}

TEST(Questions, AreAnsweredForEveryAlternative) {
  EXPECT_TRUE(all_f64(any_of("f64", DType::f64)));
  EXPECT_FALSE(all_f64(any_of("f64 | f64;accumulate_score=f32", DType::f64)));
  EXPECT_FALSE(may_read_past_kv_lens(any_of("f32", DType::f32)));
  EXPECT_TRUE(may_read_past_kv_lens(any_of("f32 | f32;kv_lens=mask", DType::f32)));
  EXPECT_EQ(kv_storage(any_of("f32;kv_storage=q4_0", DType::f32)), KvStorages::both(KvStorage::q4_0));
  EXPECT_TRUE(rounds_both_signs_alike(any_of("f32;output.rounding=toward-zero", DType::f32)));
}

TEST(Questions, DirectedRoundingTreatsSignsApart) {
  ContractSet upward = any_of("f32", DType::f32);
  upward.alternatives.front().score.rounding = Rounding::upward;
  EXPECT_FALSE(rounds_both_signs_alike(upward));
  EXPECT_TRUE(rounds_both_signs_alike(any_of("f32;q_conversion=q8_0;kv_storage=q5_0", DType::f32)));
  EXPECT_FALSE(rounds_both_signs_alike(any_of("f32;q_conversion=q8_1;kv_storage=q5_1", DType::f32)))
      << "the minimum of negated keys is another number";
}

}  // namespace
}  // namespace attest::oracle
