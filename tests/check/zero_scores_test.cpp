// Which scores every kernel computes as exactly 0, so that laws may demand bits.
#include <cmath>

#include <gtest/gtest.h>

#include "laws/inputs/scores.hpp"
#include "oracle/contract/contract.hpp"

namespace attest::laws {
namespace {

Problem one_key(double q, double k) {
  Problem p;
  p.q = p.k = p.v = Tensor(DType::f32, {1, 1, 1, 1});
  p.q.set({0, 0, 0, 0}, q);
  p.k.set({0, 0, 0, 0}, k);
  return p;
}

bool is_zero(const Problem& p, const std::string& contract = "f32") {
  return score_is_zero(p, oracle::contract_for(contract, DType::f32, DType::f32), 0, 0, 0, 0);
}

TEST(ZeroScores, AreThoseOfAZeroQueryOrKey) {
  EXPECT_TRUE(is_zero(one_key(0, 3)));
  EXPECT_TRUE(is_zero(one_key(3, 0)));
  EXPECT_FALSE(is_zero(one_key(3, 3)));
  EXPECT_FALSE(is_zero(one_key(0, HUGE_VAL)));
}

TEST(ZeroScores, AreNotWhatIsAddedTo) {
  Problem p = one_key(0, 3);
  p.softcap = 1;
  EXPECT_FALSE(is_zero(p));
  p = one_key(0, 3);
  p.bias = Tensor(DType::f32, {1, 1, 1, 1});
  EXPECT_TRUE(is_zero(p));
  p.bias->set({0, 0, 0, 0}, 1);
  EXPECT_FALSE(is_zero(p));
}

TEST(ZeroScores, AreNotThoseOfAnOperandThatAConversionMakesInfinite) {
  EXPECT_TRUE(is_zero(one_key(0, 70000)));
  EXPECT_FALSE(is_zero(one_key(0, 70000), "f32;k_conversion=f16"));
  EXPECT_FALSE(is_zero(one_key(70000, 0), "f32;q_conversion=f16"));
  EXPECT_TRUE(is_zero(one_key(0, 60000), "f32;k_conversion=f16"));
}

}  // namespace
}  // namespace attest::laws
