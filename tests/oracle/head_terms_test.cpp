#include "oracle/definition/head_terms.hpp"

#include <gtest/gtest.h>

namespace attest::oracle {
namespace {

TEST(HeadTerms, AreThoseOfTheirHead) {
  Problem p;
  p.q = Tensor(DType::f32, {1, 3, 1, 1});
  p.scale = -2;
  p.softcap = 5;
  p.alibi_slopes = Tensor(DType::f32, {3});
  p.alibi_slopes->assign({1, 2, 4});
  p.sink = Tensor(DType::f32, {3});
  p.sink->assign({7, -HUGE_VAL, 0});
  const std::optional<double> sinks[] = {7.0, std::nullopt, 0.0};
  for (std::int64_t h = 0; h < 3; ++h) {
    const HeadTerms terms = head_terms(p, h);
    EXPECT_EQ(terms.scale, -2);
    EXPECT_EQ(terms.softcap, 5);
    EXPECT_EQ(terms.slope, static_cast<double>(1 << h));
    EXPECT_EQ(terms.sink, sinks[h]);
  }
}

TEST(HeadTerms, AreNoneWhereTheProblemHasNone) {
  Problem p;
  p.q = Tensor(DType::f32, {1, 1, 1, 1});
  const HeadTerms terms = head_terms(p, 0);
  EXPECT_EQ(terms.slope, 0);
  EXPECT_FALSE(terms.sink.has_value());
}

}  // namespace
}  // namespace attest::oracle
