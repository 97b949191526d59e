// Tensors that read the elements of somebody else.
#include <array>
#include <stdexcept>
#include <utility>

#include <gtest/gtest.h>

#include "problem/key_value.hpp"
#include "problem/tensor.hpp"

namespace attest::test {
namespace {

constexpr std::array<float, 6> kNumbers{1, 2, 3, 4, 5, 6};

Tensor over(std::vector<std::int64_t> shape, std::vector<std::int64_t> strides, std::size_t first = 0) {
  return Tensor::borrowed(DType::f32, std::move(shape), std::move(strides),
                          reinterpret_cast<const std::byte*>(&kNumbers[first]));
}

TEST(BorrowedTensor, ReadsWhereTheElementsAre) {
  const Tensor t = over({2, 3}, {3, 1});
  EXPECT_FALSE(t.owns_elements());
  EXPECT_EQ(static_cast<const void*>(t.data()), kNumbers.data());
  EXPECT_EQ(t.values(), (std::vector<double>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(t.at({1, 2}), 6);
}

TEST(BorrowedTensor, TakesAnyStrides) {
  EXPECT_EQ(over({3, 2}, {1, 3}).values(), (std::vector<double>{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(over({2, 3}, {-3, -1}, 5).values(), (std::vector<double>{6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(over({2, 3}, {0, 2}).values(), (std::vector<double>{1, 3, 5, 1, 3, 5}));
  std::array<double, 3> row{};
  load_row(over({1, 1, 2, 3}, {0, 0, 3, -1}, 2), 0, 0, 1, row.data());
  EXPECT_EQ(row, (std::array<double, 3>{6, 5, 4}));
}

TEST(BorrowedTensor, ChangesItsOwnCopyOnly) {
  Tensor t = over({2, 3}, {-3, -1}, 5);
  const Tensor twin = t;
  t.set({0, 0}, 9);
  EXPECT_TRUE(t.owns_elements());
  EXPECT_TRUE(t.contiguous());
  EXPECT_EQ(t.values(), (std::vector<double>{9, 5, 4, 3, 2, 1}));
  EXPECT_EQ(twin.at({0, 0}), 6);
  EXPECT_EQ(kNumbers[5], 6);
  Tensor assigned = twin;
  assigned.assign({1, 1, 1, 1, 1, 1});
  EXPECT_EQ(assigned.values(), std::vector<double>(6, 1));
  EXPECT_EQ(twin.at({0, 0}), 6);
}

TEST(BorrowedTensor, HasNoStorageUntilItIsChanged) {
  Tensor t = over({2, 3}, {3, 1});
  EXPECT_THROW(static_cast<void>(std::as_const(t).bytes()), std::logic_error);
  EXPECT_EQ(t.bytes().size(), 24U);
  EXPECT_EQ(std::as_const(t).bytes().size(), 24U);
}

TEST(BorrowedTensor, EqualsWhatHoldsTheSameInTheSameLayout) {
  Tensor mine(DType::f32, {2, 3});
  mine.assign({1, 2, 3, 4, 5, 6});
  EXPECT_TRUE(same_in_memory(mine, over({2, 3}, {3, 1})));
  EXPECT_FALSE(same_in_memory(mine, over({2, 3}, {1, 2})));
  mine.set({1, 2}, 7);
  EXPECT_FALSE(same_in_memory(over({2, 3}, {3, 1}), mine));
}

TEST(BorrowedTensor, NeedsAnAddressForElements) {
  EXPECT_THROW(Tensor::borrowed(DType::f32, {2}, {1}, nullptr), std::invalid_argument);
  EXPECT_THROW(Tensor::borrowed(DType::f32, {2}, {1, 1}, nullptr), std::invalid_argument);
  EXPECT_THROW(Tensor::borrowed(DType::f32, {-1}, {1}, nullptr), std::invalid_argument);
  EXPECT_EQ(Tensor::borrowed(DType::f32, {2, 0}, {1, 1}, nullptr).count(), 0);
}

}  // namespace
}  // namespace attest::test
