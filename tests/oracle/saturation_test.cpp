// Where a contract's own accumulators stop; that they do is a theorem, and shown on emulated sums in
// tests/prove/saturation_test.cpp.
#include "oracle/contract/saturation.hpp"

#include <gtest/gtest.h>

namespace attest::oracle {
namespace {

std::optional<std::int64_t> limit(const std::string& contract) {
  return saturation_keys(parse_contract(contract));
}

TEST(SaturationKeys, AreTwoToThePrecisionForSequentialSums) {
  EXPECT_EQ(limit("flash-f16;accumulate_denominator=f16;accumulate_denominator.order=sequential"), 2048);
  EXPECT_EQ(limit("flash-bf16;accumulate_numerator=bf16;accumulate_numerator.order=sequential"), 256);
  EXPECT_EQ(limit("f32;accumulate_denominator.order=sequential"), 1 << 24);
}

TEST(SaturationKeys, GrowWithTilesSplitsAndUnits) {
  const std::string tree = "flash-bf16;accumulate_denominator=bf16;accumulate_denominator.order=tree";
  EXPECT_EQ(limit(tree + ";key_block=64"), 64 * 256);
  EXPECT_EQ(limit(tree + ";key_block=48"), 64 * 256);  // 48 * 256 + 48 does not round to 48 * 256
  EXPECT_EQ(limit(tree + ";splits=4"), 4 * 256);
  EXPECT_EQ(limit("flash-f16;accumulate_numerator=f16;accumulate_numerator.order=block-fma:8"), 8 * 2048);
}

// By theorem and by running it: bf16 tiles of 48 keys of weight 1.
TEST(SaturationKeys, AreWhereAnEmulatedSumStops) {
  double sum = 0;
  for (int tile = 0; tile < 1000; ++tile) sum = round_to(kBfloat16, sum + 48);
  EXPECT_EQ(sum, 64 * 256);
}

TEST(SaturationKeys, EndAtTheLargestNumberInAnyOrder) {
  EXPECT_EQ(limit("flash-f16;accumulate_denominator=f16"), 65504);
  EXPECT_EQ(limit("flash-f16;accumulate_denominator=f16;accumulate_denominator.order=tree;key_block=64"),
            65504);
  EXPECT_EQ(limit("f64;accumulate_denominator.order=sequential;key_block=2048;splits=32"), std::nullopt);
}

TEST(SaturationKeys, AreTheLeastOfNumeratorAndDenominator) {
  EXPECT_EQ(limit("flash-bf16;accumulate_denominator=bf16;accumulate_denominator.order=sequential;"
                  "accumulate_numerator.order=sequential"),
            256);
}

TEST(SaturationKeys, AreUnknownWhereTheOrderIsFree) {
  EXPECT_EQ(limit("f32"), std::nullopt);
  ContractSet either{"",
                     {parse_contract("f32"), parse_contract("f32;accumulate_denominator.order=sequential")}};
  EXPECT_EQ(saturation_keys(either), std::nullopt);
  either.alternatives[0] = parse_contract("f32;accumulate_denominator.order=sequential;key_block=2");
  EXPECT_EQ(saturation_keys(either), 1 << 25);
}

}  // namespace
}  // namespace attest::oracle
