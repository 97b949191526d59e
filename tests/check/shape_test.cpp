// The shape of a tolerance query.
#include "check/tolerance/shape.hpp"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace attest::check {
namespace {

std::string refusal(const std::string& shape) {
  ToleranceQuery query;
  try {
    read_shape(shape, query);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "(read)";
}

TEST(Shape, NamesExtentsInAnyOrder) {
  ToleranceQuery query;
  read_shape("  d64/32 k1024 b2 h8/4 q3 ", query);
  EXPECT_EQ(query.batch, 2);
  EXPECT_EQ(query.q_heads, 8);
  EXPECT_EQ(query.kv_heads, 4);
  EXPECT_EQ(query.q_len, 3);
  EXPECT_EQ(query.kv_len, 1024);
  EXPECT_EQ(query.qk_dim, 64);
  EXPECT_EQ(query.v_dim, 32);
}

TEST(Shape, IsRefusedInWords) {
  EXPECT_EQ(refusal("b0"), "--shape: 'b0' has no count from 1 to 2^20");
  EXPECT_EQ(refusal("b1048577"), "--shape: 'b1048577' has no count from 1 to 2^20");
  EXPECT_EQ(refusal("h8/"), "--shape: 'h8/' has no count from 1 to 2^20");
  EXPECT_EQ(refusal("h3/2"), "--shape: 3 query heads are no multiple of 2 key/value heads");
  EXPECT_EQ(refusal("b1024 h1024 q1024"), "--shape: more than 2^28 elements");
  EXPECT_EQ(refusal("x1"), "--shape: 'x1' is none of b, h, q, k, d, as in 'b1 h8/2 q128 k128 d64'");
  EXPECT_EQ(refusal("x\x1b[31m").find('\x1b'), std::string::npos);
  EXPECT_LT(refusal("b" + std::string(5000, '9')).size(), 200U);
}

}  // namespace
}  // namespace attest::check
