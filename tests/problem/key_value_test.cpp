#include "problem/key_value.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace attest {
namespace {

Problem numbered(std::vector<std::int64_t> k_strides, std::vector<std::int64_t> v_strides) {
  Problem p;
  p.q = Tensor(DType::f32, {2, 4, 1, 3});
  p.k = Tensor(DType::f16, {2, 2, 5, 3}, std::move(k_strides));
  p.v = Tensor(DType::bf16, {2, 2, 5, 2}, std::move(v_strides));
  std::vector<double> values;
  for (int n = 0; n < 60; ++n) values.push_back(n);
  p.k.assign(values);
  values.resize(40);
  p.v.assign(values);
  return p;
}

TEST(KeyValue, GivesTheSameRowsWhateverTheLayout) {
  const Problem packed = numbered({30, 15, 3, 1}, {20, 10, 2, 1});
  const Problem strided = numbered({36, 3, 7, 1}, {1, 2, 4, 20});
  const KeyValue view(strided);
  std::vector<double> key(3), value(2);
  for (std::int64_t row = 0; row < 2 * 2 * 5; ++row) {
    const std::int64_t b = row / 10, g = row / 5 % 2, j = row % 5;
    view.load_key(b, g, j, key.data());
    view.load_value(b, g, j, value.data());
    for (std::int64_t c = 0; c < 3; ++c) {
      EXPECT_EQ(key[static_cast<std::size_t>(c)], static_cast<double>(row * 3 + c));
      EXPECT_EQ(view.key(b, g, j, c), KeyValue(packed).key(b, g, j, c));
    }
    for (std::int64_t c = 0; c < 2; ++c) {
      EXPECT_EQ(value[static_cast<std::size_t>(c)], static_cast<double>(row * 2 + c));
      EXPECT_EQ(view.value(b, g, j, c), KeyValue(packed).value(b, g, j, c));
    }
  }
}

TEST(KeyValue, StoresWhatItGives) {
  Problem p = numbered({36, 3, 7, 1}, {1, 2, 4, 20});
  set_key(p, 1, 0, 4, 2, 0.1);
  set_value(p, 0, 1, 3, 1, -0.1);
  EXPECT_EQ(KeyValue(p).key(1, 0, 4, 2), representable(DType::f16, 0.1));
  EXPECT_EQ(KeyValue(p).value(0, 1, 3, 1), representable(DType::bf16, -0.1));
  EXPECT_EQ(KeyValue(p).key(1, 0, 4, 1), 43);
  EXPECT_EQ(KeyValue(p).value(0, 1, 3, 0), 16);
}

}  // namespace
}  // namespace attest
