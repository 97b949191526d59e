#include "oracle/noise/noise.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "oracle/noise/noise_keys.hpp"

namespace attest::oracle {
namespace {

constexpr double kU = 0x1p-24;

ContractSet set(const std::string& text, DType dtype = DType::f32) {
  return contract_for(text, dtype, dtype);
}

// One query of dimension 1: scores are the keys, channels are given key by key.
Row row_of(const std::vector<double>& scores, const std::vector<double>& values) {
  Row row;
  row.keys = static_cast<std::int64_t>(scores.size());
  row.qk_dim = row.v_dim = 1;
  row.span = row.keys;
  row.q = {1};
  row.k = scores;
  row.v = values;
  return row;
}

Noise noise(const std::string& contract, const Row& row, DType dtype = DType::f32) {
  return noise_of(set(contract, dtype), row, dtype, DType::f32).out.front();
}

TEST(Noise, SigmasCountWhatIsBeyondTheOffset) {
  EXPECT_DOUBLE_EQ((Noise{4, 1}.sigmas(-7)), 3);
  EXPECT_EQ((Noise{4, 1}.sigmas(0.5)), 0);
  EXPECT_EQ((Noise{0, 1}.sigmas(1)), 0);
  EXPECT_EQ((Noise{0, 0}.sigmas(1e-300)), HUGE_VAL);
  EXPECT_DOUBLE_EQ((Noise{4, 1}.power()), 5);
}

// The division, the store, and one product are what is left; sums of one term are exact but counted.
TEST(Noise, OfASingleKeyIsAFewRoundings) {
  const double v = 3;
  const double deviation = std::sqrt(noise("f32", row_of({0.7}, {v})).variance);
  EXPECT_GT(deviation, std::sqrt(2.0) * kU * v);
  EXPECT_LT(deviation, std::sqrt(6.0) * kU * v);
}

TEST(Noise, OfPInBfloat16IsThatOfTheProbabilities) {
  const std::vector<double> scores{0, 0.3, -0.4, 0.9};
  const std::vector<double> values{1, -2, 0.5, 1.5};
  double sum = 0, o = 0, squares = 0;
  for (std::size_t j = 0; j < 4; ++j) {
    sum += std::exp(scores[j]);
    o += std::exp(scores[j]) * values[j];
    squares += std::exp(2 * scores[j]) * values[j] * values[j];
  }
  o /= sum;
  squares /= sum * sum;
  const double expected = 0x1p-16 * (squares + o * o);  // P, and the store of the output
  EXPECT_NEAR(noise("flash-bf16", row_of(scores, values), DType::bf16).variance / expected, 1, 0.01);
}

// l sums rounded P: only differences of the values are seen, and identical values have none.
TEST(Noise, OfPThatBothSumsShareVanishesForEqualValues) {
  const Row row = row_of({0, 0.3, -0.4, 0.9}, {1, 1, 1, 1});
  const double store = 0x1p-16;
  EXPECT_GT(noise("flash-bf16", row, DType::bf16).variance, 1.2 * store);
  EXPECT_LT(noise("flash-bf16;denominator_sums=rounded", row, DType::bf16).variance, 1.01 * store);
}

// n keys that are one key: n equal errors add up to n, n different ones to sqrt(n).
TEST(Noise, OfEqualKeysAddsUp) {
  constexpr std::size_t kKeys = 400;
  std::vector<double> equal, different, values;
  for (std::size_t j = 0; j < kKeys; ++j) {
    equal.push_back(j % 2 == 0 ? 0.25 : -1.5);
    different.push_back(equal.back() + 1e-3 * static_cast<double>(j));
    values.push_back(j % 2 == 0 ? 1.25 : -0.75);
  }
  const double together = std::sqrt(noise("f32", row_of(equal, values)).variance);
  const double apart = std::sqrt(noise("f32", row_of(different, values)).variance);
  EXPECT_GT(together, 5 * apart);
  EXPECT_LT(together, 25 * apart);
}

TEST(Noise, OfASinkIsThatOfAKeyWithoutAValue) {
  Row row = row_of({0.5, -0.25}, {1, 2});
  row.sink = 0.75;
  const Noise with_sink = noise("f32", row);
  const Noise as_key = noise("f32", row_of({0.5, -0.25, 0.75}, {1, 2, 0}));
  EXPECT_NEAR(with_sink.variance / as_key.variance, 1, 0.1);
}

// What a narrow sum loses, it loses always.
TEST(Noise, OfTermsBelowHalfAUnitIsAnOffset) {
  std::vector<double> scores(300, -9);
  scores[0] = 0;
  for (std::size_t j = 1; j < 300; ++j) scores[j] -= 1e-3 * static_cast<double>(j);
  const Row row = row_of(scores, std::vector<double>(300, 1));
  EXPECT_LT(noise("f32", row).offset, 1e-12);
  const double lost = 299 * std::exp(-9.15);
  EXPECT_NEAR(noise("flash-f16;accumulate_numerator=f16", row, DType::f16).offset, lost, 0.05 * lost);
}

TEST(Noise, OfLseIsThatOfTheDenominatorAndItsStore) {
  const Row row = row_of({20, 19, 18.5}, {1, 2, 3});
  const Noise lse = noise_of(set("f32"), row, DType::f32, DType::f32).lse;
  EXPECT_GT(std::sqrt(lse.variance), kU * 20);
  EXPECT_LT(std::sqrt(lse.variance), kU * 20 * 4);
  EXPECT_GE(lse.offset, 8 * kU) << "an exponential that errs to one side";
}

TEST(Noise, IsTheLargestOfTheAlternatives) {
  const Row row = row_of({0, 0.3, -0.4}, {1, -2, 0.5});
  const ContractSet both = contract_for("", DType::bf16, DType::bf16);
  ASSERT_GT(both.alternatives.size(), 1U);
  double largest = 0;
  for (const Contract& one : both.alternatives) {
    largest = std::max(largest,
                       noise_of({one.text, {one}, false}, row, DType::bf16, DType::f32).out.front().variance);
  }
  EXPECT_EQ(noise_of(both, row, DType::bf16, DType::f32).out.front().variance, largest);
}

TEST(Noise, SaysNothingAboutTruncation) {
  EXPECT_EQ(why_no_noise(set("f32")), "");
  EXPECT_NE(why_no_noise(set("f32;accumulate_numerator.rounding=toward-zero")), "");
  EXPECT_NE(why_no_noise(set("f32;accumulate_score.order=block-fma:4")), "");
  EXPECT_NE(why_no_noise(set("flash-bf16;output.rounding=toward-zero", DType::bf16)), "");
}

TEST(NoiseKeys, GroupsEqualNumbers) {
  const Alike a = alike({7, 3, 7, 9, 3});
  EXPECT_EQ(a.groups, 3U);
  EXPECT_EQ(a.group[0], a.group[2]);
  EXPECT_EQ(a.group[1], a.group[4]);
  EXPECT_NE(a.group[0], a.group[3]);
  EXPECT_FALSE(a.all_apart());
  EXPECT_TRUE(alike({5, 6}).all_apart());
}

// The sink leads, so that nothing but its own roundings moves its weight.
TEST(NoiseKeys, OfNarrowScoresIncludeTheConversionOfASink) {
  Row row = row_of({0}, {1});
  row.sink = 7;
  const auto error = [&](const std::string& text) {
    const Contract c = parse_contract(text);
    return noise_keys(c, row).weight_error.back();
  };
  EXPECT_EQ(error("flash-f16"), 0) << "f32 holds a sink";
  EXPECT_DOUBLE_EQ(error("flash-f16;accumulate_score=f16"), 0x1p-11 * 7);
  EXPECT_DOUBLE_EQ(error("flash-f16;accumulate_score=f16;score.biased=f16"), std::sqrt(2.0) * 0x1p-11 * 7);
}

TEST(NoiseKeys, RiseWhereTheMaximumGrows) {
  const ContractSet f32 = set("f32");
  const NoiseKeys keys =
      noise_keys(f32.alternatives.front(), row_of({0, -1, 2, 2, 1, 3}, {0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(keys.rises, (std::vector<std::size_t>{2, 5}));
}

}  // namespace
}  // namespace attest::oracle
