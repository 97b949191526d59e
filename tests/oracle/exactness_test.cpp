// Which bits a contract fixes, and which fields leave none.
#include "oracle/contract/exactness.hpp"

#include <string>

#include <gtest/gtest.h>

namespace attest::oracle {
namespace {

ContractSet f32_with(const std::string& field) {
  return contract_for("f32;" + field, DType::f32, DType::f32);
}

TEST(Exactness, WeightsAreExactWhereTheShiftIsTheMaximum) {
  EXPECT_EQ(why_weights_round(f32_with("score.bias=first;score.alibi=position;k_conversion=e4m3")), "");
  EXPECT_EQ(why_weights_round(f32_with("probability.scale=256;probability=e4m3;repeatable=false")), "");
  for (const char* field :
       {"tau=1", "shift_above=1", "shift_above=norms", "splits=2;merge=lse", "splits=2;merge=chain"})
    EXPECT_NE(why_weights_round(f32_with(field)), "") << field;
  EXPECT_TRUE(shifts_are_own(f32_with("splits=2;merge=chain")));
  EXPECT_FALSE(shifts_are_own(f32_with("shift_above=norms"))) << "keys that a row does not see may count";
}

TEST(Exactness, ValuesPassAsFarAsEachFormatHoldsThem) {
  EXPECT_TRUE(value_is_exact(f32_with("division=reciprocal"), 2049, DType::f32));
  EXPECT_FALSE(value_is_exact(f32_with("division=reciprocal;reciprocal_rel=1e-7"), 1, DType::f32));
  EXPECT_FALSE(value_is_exact(f32_with("numerator_sums=centred"), 1, DType::f32));
  EXPECT_FALSE(value_is_exact(f32_with("v_conversion=f16"), 2049, DType::f32));
  EXPECT_TRUE(value_is_exact(f32_with("v_conversion=tf32"), 2048, DType::f32));
  EXPECT_FALSE(value_is_exact(f32_with("v_conversion=e4m3"), 480, DType::f32)) << "e4m3 ends at 448";
}

TEST(Exactness, SumsAreExactWhereTheirTermsAre) {
  EXPECT_TRUE(sum_is_exact(f32_with("v_conversion=e4m3"), 16));
  EXPECT_FALSE(sum_is_exact(f32_with("v_conversion=e4m3"), 17));
  EXPECT_FALSE(sum_is_exact(f32_with("numerator_sums=centred"), 2));
}

TEST(Exactness, AShareOfManyKeysNeedsPsScale) {
  const char* plain = "unfused=true;probability=f16";
  EXPECT_FALSE(share_is_exact(f32_with(plain), 0x1p15));
  EXPECT_TRUE(share_is_exact(f32_with(std::string(plain) + ";probability.scale=256"), 0x1p15));
}

// A key beyond 448 may become 448, and a score of -1200 a larger one.
TEST(Exactness, KeysOfANarrowRangeAreNotSurelyFarBelow) {
  EXPECT_TRUE(surely_far_below(f32_with("k_conversion=tf32"), -1200, 1200, 1));
  EXPECT_FALSE(surely_far_below(f32_with("k_conversion=e4m3"), -1200, 1200, 1));
}

}  // namespace
}  // namespace attest::oracle
