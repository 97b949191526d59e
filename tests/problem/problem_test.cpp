#include "problem/problem.hpp"

#include <cmath>
#include <functional>

#include <gtest/gtest.h>

namespace attest {
namespace {

Problem small() {
  Problem p;
  p.q = Tensor(DType::f32, {2, 4, 3, 5});
  p.k = Tensor(DType::f16, {2, 2, 7, 5});
  p.v = Tensor(DType::f16, {2, 2, 7, 6});
  return p;
}

TEST(Tensor, StridesOfZeroRepeatAndPaddingIsNotReached) {
  Tensor t(DType::f32, {2, 3}, {0, 4});
  EXPECT_EQ(t.bytes().size(), 9 * sizeof(float));
  t.set({0, 2}, 5);
  EXPECT_EQ(t.at({1, 2}), 5);
  EXPECT_EQ(t.values(), (std::vector<double>{0, 0, 5, 0, 0, 5}));
}

TEST(Tensor, AnExtentOfOneAcceptsAnyIndex) {
  Tensor t(DType::u8, {1, 2});
  t.set({0, 1}, 1);
  EXPECT_EQ(t.at({7, 1}), 1);
}

TEST(Tensor, KeepsItsElementsInAnotherLayout) {
  Tensor t(DType::bf16, {2, 3});
  t.assign({1, 2, 3, 4, 5, 6});
  const Tensor transposed = t.with_strides({1, 2});
  EXPECT_FALSE(transposed.contiguous());
  EXPECT_EQ(transposed.values(), t.values());
  EXPECT_EQ(transposed.at({1, 0}), 4);
}

TEST(Tensor, EmptyExtentsNeedNoStorage) { EXPECT_TRUE(Tensor(DType::f64, {2, 0, 3}).bytes().empty()); }

TEST(Problem, AValidOneHasNothingToSay) { EXPECT_EQ(why_invalid(small()), ""); }

using Offences = std::vector<std::pair<std::function<void(Problem&)>, std::string>>;

void expect_named(const Offences& offences) {
  for (const auto& [offend, message] : offences) {
    Problem p = small();
    offend(p);
    EXPECT_EQ(why_invalid(p), message);
  }
}

TEST(Problem, EveryRuleOfOperandsAndNumbersNamesItsOffence) {
  expect_named({
      {[](Problem& p) {
         p.q = Tensor(DType::f32, {2, 3, 3, 5});
       },
       "kv_heads 2 does not divide q_heads 3"},
      {[](Problem& p) {
         p.v = Tensor(DType::f32, {2, 2, 7, 6});
       },
       "k and v differ in dtype"},
      {[](Problem& p) {
         p.k = Tensor(DType::f16, {2, 2, 7, 4});
       },
       "k has shape [2, 2, 7, 4], expected [2, kv_heads, kv_len, 5]"},
      {[](Problem& p) {
         p.q = Tensor(DType::i32, {2, 4, 3, 5});
       },
       "q is i32, must be a float"},
      {[](Problem& p) {
         p.q = Tensor(DType::f32, {2, 4, 3});
       },
       "q has rank 3, must have 4"},
      {[](Problem& p) { p.scale = NAN; }, "scale is nan, must be finite"},
      {[](Problem& p) { p.softcap = -1; }, "softcap is -1, must be >= 0"},
      {[](Problem& p) { p.window_left = -2; }, "a window limit is below -1"},
  });
}

TEST(Problem, EveryRuleOfOptionalInputsNamesItsOffence) {
  expect_named({
      {[](Problem& p) {
         p.mask = Tensor(DType::u8, {2, 3, 3, 7});
       },
       "mask has shape [2, 3, 3, 7], expected [batch|1, q_heads|1, q_len|1, kv_len]"},
      {[](Problem& p) {
         p.mask = Tensor(DType::u8, {1, 1, 1, 7});
         p.mask->set({0, 0, 0, 2}, 2);
       },
       "mask holds 2; only 0 and 1 are values of a mask"},
      {[](Problem& p) {
         p.bias = Tensor(DType::f32, {1, 1, 1, 7});
         p.bias->set({0, 0, 0, 2}, NAN);
       },
       "bias holds nan; it must be finite or -inf"},
      {[](Problem& p) {
         p.sink = Tensor(DType::f32, {4});
         p.sink->set({1}, HUGE_VAL);
       },
       "sink holds inf; it must be finite or -inf"},
      {[](Problem& p) {
         p.alibi_slopes = Tensor(DType::f32, {4});
         p.alibi_slopes->set({1}, HUGE_VAL);
       },
       "alibi_slopes holds inf; it must be finite"},
      {[](Problem& p) {
         p.kv_lens = Tensor(DType::i32, {2});
         p.kv_lens->set({1}, 8);
       },
       "kv_lens holds 8, outside 0..kv_len = 7"},
      {[](Problem& p) { p.kv_lens = Tensor(DType::i32, {3}); },
       "kv_lens has shape [3], expected [batch] = [2]"},
  });
}

TEST(Problem, IsDescribedByShapeDtypesAndFeatures) {
  Problem p = small();
  p.causal = Causal::bottom_right;
  p.window_left = 5;
  p.kv_lens = Tensor(DType::i32, {2});
  EXPECT_EQ(describe(p), "b2 h4/2 q3 k7 d5/6 f32/f16 causal=bottom-right window=(5,-1) kv_lens");
}

}  // namespace
}  // namespace attest
