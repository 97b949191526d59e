// Layouts: what lies between elements, what overlaps, what is stored and what a kernel sees.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "problem/problem.hpp"

namespace attest {
namespace {

constexpr std::int64_t kGiga = std::int64_t{1} << 30;

Problem small() {
  Problem p;
  p.q = Tensor(DType::f32, {2, 4, 3, 5});
  p.k = Tensor(DType::f16, {2, 2, 7, 5});
  p.v = Tensor(DType::f16, {2, 2, 7, 6});
  return p;
}

TEST(TensorLayout, HoldsPoisonBetweenZeros) {
  const Tensor t(DType::f32, {2, 3}, {5, 1});
  ASSERT_EQ(t.bytes().size(), 8 * sizeof(float));
  for (const std::size_t element : {0U, 1U, 2U, 5U, 6U, 7U}) {
    EXPECT_EQ(decode(DType::f32, t.bytes().data() + 4 * element), 0);
  }
  for (const std::size_t element : {3U, 4U}) {
    EXPECT_TRUE(std::isnan(decode(DType::f32, t.bytes().data() + 4 * element)));
  }
  EXPECT_EQ(decode(DType::i32, Tensor(DType::i32, {2}, {2}).bytes().data() + 4), -1);
  EXPECT_EQ(decode(DType::u8, Tensor(DType::u8, {2}, {2}).bytes().data() + 1), 255);
}

TEST(TensorLayout, MovesElementsWithoutWhatLiesBetweenThem) {
  Tensor t(DType::f16, {2, 3}, {4, 1});
  t.assign({1, 2, 3, 4, 5, 6});
  const Tensor moved = t.with_strides({1, 5});
  EXPECT_EQ(moved.values(), t.values());
  EXPECT_TRUE(std::isnan(decode(DType::f16, moved.bytes().data() + 2 * 3)));
}

TEST(TensorLayout, SpreadsWithoutStoringMore) {
  Tensor t(DType::f64, {3, 2});
  t.assign({1, 2, 3, 4, 5, 6});
  const Tensor spread = t.spread_to({8 * kGiga, 2});
  EXPECT_EQ(spread.bytes(), t.bytes());
  EXPECT_EQ(spread.values(), t.values());
  EXPECT_EQ(spread.strides(), t.strides());
  EXPECT_EQ(spread.memory_strides(), (std::vector<std::int64_t>{8 * kGiga, 2}));
  EXPECT_FALSE(spread.contiguous());
  EXPECT_FALSE(same_in_memory(spread, t));
  EXPECT_TRUE(spread.with_strides({2, 1}).contiguous());
  EXPECT_THROW(t.spread_to({1, 1}), std::invalid_argument);
  EXPECT_THROW(t.spread_to({0, 1}), std::invalid_argument);
  EXPECT_THROW(t.spread_to({1}), std::invalid_argument);
  EXPECT_NO_THROW(Tensor(DType::f64, {3, 2}, {0, 1}).spread_to({0, kGiga}));
}

TEST(Overlapping, ComparesEveryPairOfElements) {
  EXPECT_FALSE(overlapping({2, 3}, {3, 1}));
  EXPECT_FALSE(overlapping({2, 3}, {1, 2}));
  EXPECT_FALSE(overlapping({2, 3}, {3, 2})) << "interleaved, but apart";
  EXPECT_FALSE(overlapping({1, 3}, {0, 1}));
  EXPECT_FALSE(overlapping({2, 0}, {0, 0}));
  EXPECT_TRUE(overlapping({2, 3}, {2, 1}));
  EXPECT_TRUE(overlapping({2, 3}, {0, 1}));
  EXPECT_TRUE(overlapping({3, 4}, {3, 2})) << "2 * 3 = 3 * 2";
  EXPECT_TRUE(overlapping({1 << 26, 1 << 26}, {std::int64_t{1} << 36, std::int64_t{1} << 36}));
}

TEST(StorageElements, DoesNotOverflow) {
  EXPECT_EQ(storage_elements({1 << 26, 1 << 26}, {std::int64_t{1} << 62, std::int64_t{1} << 62}),
            kMostElements);
  EXPECT_EQ(row_major_strides({0, kGiga, kGiga, kGiga})[0], kMostElements);
}

TEST(ProblemLayout, RejectsOutputsThatOverlapAndSpansBeyondTheLimit) {
  Problem p = small();
  p.out_strides = {72, 18, 6, 1};
  p.lse_strides = {1, 2, 8};
  EXPECT_EQ(why_invalid(p), "");
  p.out_strides = {72, 18, 5, 1};
  EXPECT_EQ(why_invalid(p), "out has strides [72, 18, 5, 1], which overlap");
  p.out_strides = {18, 6, 1};
  EXPECT_EQ(why_invalid(p), "out has 3 strides, must have 4");
  p.out_strides = {16 * kGiga, 18, 6, 1};
  EXPECT_EQ(why_invalid(p), "the tensors span more than 2^36 bytes of memory, out the most");
  p.out_strides.clear();
  p.lse_strides = {1, 0, 8};
  EXPECT_EQ(why_invalid(p), "lse has strides [1, 0, 8], which overlap");
  p.lse_strides = {-1, 2, 8};
  EXPECT_EQ(why_invalid(p), "lse has a negative stride");
  p.lse_strides.clear();
  p.k = p.k.spread_to({32 * kGiga, 5, 10, 1});
  EXPECT_EQ(why_invalid(p), "the tensors span more than 2^36 bytes of memory, k the most");
  p.k = p.k.spread_to({8 * kGiga, 5, 10, 1});
  EXPECT_EQ(why_invalid(p), "");
}

TEST(ProblemLayout, SharesAnAddressWhileItIsWantedAndPossible) {
  Problem p = small();
  p.k_is_v = true;
  EXPECT_FALSE(v_lies_in_k(p)) << "of other shapes";
  p.v = p.k;
  EXPECT_TRUE(v_lies_in_k(p));
  p.v.set({1, 1, 6, 4}, 1);
  EXPECT_FALSE(v_lies_in_k(p));
  p.v = p.k.spread_to({kGiga, 35, 5, 1});
  EXPECT_FALSE(v_lies_in_k(p));
  p.v = p.k;
  p.k_is_v = false;
  EXPECT_FALSE(v_lies_in_k(p));
}

}  // namespace
}  // namespace attest
