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

// What is cut off has the sign of what is left, so that it adds up: an offset.
TEST(Noise, OfTruncationIsAnOffset) {
  const Row row = row_of({0, 0.3, -0.4, 0.9}, {1, 2, 0.5, 1.5});
  double sum = 0, o = 0;
  for (std::size_t j = 0; j < 4; ++j) {
    sum += std::exp(row.k[j]);
    o += std::exp(row.k[j]) * row.v[j];
  }
  o /= sum;
  const auto offset = [&](const std::string& text) { return noise(text, row, DType::bf16).offset; };
  EXPECT_LT(offset("flash-bf16"), 1e-9);
  EXPECT_NEAR(offset("flash-bf16;output.rounding=toward-zero"), 0x1p-7 * o, 1e-9);
  EXPECT_NEAR(offset("flash-bf16;probability.rounding=toward-zero"), 0x1p-7 * o, 1e-9);
  EXPECT_LT(offset("flash-bf16;probability.rounding=toward-zero;denominator_sums=rounded"), 1e-9)
      << "equal shares of both sums cancel";
  EXPECT_GT(noise("f32;accumulate_numerator.rounding=toward-zero", row).offset, 4 * 0x1p-23 * o);
  EXPECT_GT(noise("f32;accumulate_numerator.order=block-fma:4", row).offset, 4 * 0x1p-23 * o);
}

// Keys that all lie along q: an error of q moves all scores alike, which lse shows and out does not.
TEST(Noise, OfAConvertedQueryIsSharedByAllKeys) {
  constexpr std::size_t kKeys = 300;
  Row row = row_of(std::vector<double>(kKeys), std::vector<double>(kKeys));
  for (std::size_t j = 0; j < kKeys; ++j) {
    row.k[j] = 1 + 1e-4 * static_cast<double>(j);
    row.v[j] = j % 2 == 0 ? 1 : -1;
  }
  const auto deviation = [&](const std::string& text) {
    return std::sqrt(noise_of(set(text), row, DType::f32, DType::f32).lse.variance);
  };
  // One channel of q is off by 2^-11, and with it every score of about 1.
  EXPECT_GT(deviation("f32;q_conversion=f16"), 0x1p-11);
  EXPECT_LT(deviation("f32;q_conversion=f16"), 1.2 * 0x1p-11);
  EXPECT_LT(deviation("f32"), 0x1p-18);
}

// An lse shared by a split's keys is as large an error of the output as one of each key's own.
TEST(Noise, OfASplitsLseDoesNotAverageOut) {
  std::vector<double> scores, values;
  for (int j = 0; j < 400; ++j) {
    scores.push_back(8 + 1e-3 * j);
    values.push_back(j % 2 == 0 ? 1 : -1);
  }
  const Row row = row_of(scores, values);
  const double lse_error = 0x1p-11 * (8 + std::log(400));  // stored in f16
  const Noise merged = noise("f32;splits=8;merge=lse;partial=f16", row);
  EXPECT_GT(std::sqrt(merged.variance), 2 * lse_error / std::sqrt(400.0));
  EXPECT_LT(std::sqrt(merged.variance), 20 * lse_error / std::sqrt(400.0));
}

// exp(0) = 1 is exact, and all other weights may be too large: the heaviest key then loses by it.
TEST(Noise, MayLeanAsFarAsAOneSidedExponentialMovesAnOutput) {
  const std::vector<double> scores{2, 0, 0.1, -0.2, 0.3, -0.1};
  std::vector<double> values{3, 0.5, -0.5, 0.25, -0.25, 0};
  const double e = 1e-3;
  const double moved = [&] {
    double sum = 0, out = 0, high_sum = 0, high_out = 0;
    for (std::size_t j = 0; j < scores.size(); ++j) {
      const double w = std::exp(scores[j] - 2);
      const double high = j == 0 ? w : w * (1 + e);
      sum += w;
      out += w * values[j];
      high_sum += high;
      high_out += high * values[j];
    }
    return std::fabs(high_out / high_sum - out / sum);
  }();
  const Noise one = noise("f32;exp_rel=0.001", row_of(scores, values));
  EXPECT_GT(one.lean, moved);
  EXPECT_LT(one.lean, 4 * moved);
  EXPECT_LT(noise("f32", row_of(scores, values)).lean, 1e-3 * one.lean);
}

// A sink has no value, so that what all keys gain against it is no noise of their values.
TEST(Noise, OfKeysAgainstASinkIsAnOffset) {
  Row row = row_of({0.5, -0.25}, {1, 1});
  EXPECT_LT(noise("f32;exp_rel=0.001", row).offset, 1e-9);
  row.sink = 0.75;
  const double keys = std::exp(0.5) + std::exp(-0.25);
  const double p = std::exp(0.75) / (keys + std::exp(0.75));
  const double moved = p * (1 - p) * 1e-3;  // weights of keys 1e-3 too large, the sink's exact
  EXPECT_GT(noise("f32;exp_rel=0.001", row).offset, moved);
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
