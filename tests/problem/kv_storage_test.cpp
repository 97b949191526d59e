// Values that a compressed cache holds: near what was asked, on the format's grid, and stored again
// unchanged.
#include "problem/kv_storage.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace attest {
namespace {

Tensor row(const std::vector<double>& values) {
  Tensor t(DType::f32, {1, 1, 1, static_cast<std::int64_t>(values.size())});
  t.assign(values);
  return t;
}

Tensor random_rows(std::int64_t channels, double size) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal(0, size);
  Tensor t(DType::f32, {2, 2, 9, channels});
  std::vector<double> values(static_cast<std::size_t>(t.count()));
  for (double& x : values) x = normal(random);
  t.assign(values);
  return t;
}

TEST(KvStorage, HasNames) {
  for (const char* name : {"as-given", "f16", "bf16", "q8_0", "q4_0"}) {
    EXPECT_EQ(name_of(kv_storage_from_name(name).value()), name);
  }
  EXPECT_FALSE(kv_storage_from_name("q5_0"));
}

TEST(KvStorage, IntegersUpToTheirLargestFitWhereTheStepIsAPowerOfTwo) {
  const std::vector<double> eight{127, -127, 0, 1, -64, 3};
  EXPECT_EQ(stored(row(eight), KvStorage::q8_0).values(), eight);
  const std::vector<double> four{8, -7, 0, 1, -4, 3};
  EXPECT_EQ(stored(row(four), KvStorage::q4_0).values(), four);
  EXPECT_EQ(stored(row({8, -8}), KvStorage::q4_0).values(), (std::vector<double>{8, -7}));  // 4 bits: [-8, 7]
}

TEST(KvStorage, TwoStepsOfRoundingAreSeen) {
  EXPECT_EQ(stored(row({127, 0.6}), KvStorage::q8_0).values(), (std::vector<double>{127, 1}));
  EXPECT_NE(stored(row({1}), KvStorage::q8_0).values().front(), 1);  // 1/127 is no f16
  EXPECT_EQ(stored(row({1}), KvStorage::q4_0).values().front(), 1);
  EXPECT_EQ(stored(row({1 + 0x1p-11}), KvStorage::f16).values().front(), 1);
  EXPECT_EQ(stored(row({1 + 0x1p-9}), KvStorage::bf16).values().front(), 1);
}

TEST(KvStorage, StoringTwiceChangesNothing) {
  for (const KvStorage storage : {KvStorage::f16, KvStorage::bf16, KvStorage::q8_0, KvStorage::q4_0}) {
    for (const double size : {1e-2, 1.0, 300.0}) {
      const Tensor once = stored(random_rows(37, size), storage);
      EXPECT_EQ(stored(once, storage).values(), once.values()) << name_of(storage) << " " << size;
      EXPECT_NE(once.values(), random_rows(37, size).values()) << name_of(storage) << " " << size;
    }
  }
}

TEST(KvStorage, ABlockWithANanStaysAsItIs) {
  std::vector<double> values(33, 0.3);
  values[2] = std::nan("");
  const std::vector<double> result = stored(row(values), KvStorage::q8_0).values();
  EXPECT_EQ(result[0], static_cast<double>(0.3F));
  EXPECT_TRUE(std::isnan(result[2]));
  EXPECT_NE(result[32], static_cast<double>(0.3F));  // another block
}

TEST(KvStorage, OnlyKeysAndValuesChange) {
  Problem p;
  p.q = p.k = p.v = random_rows(8, 1);
  const Problem result = stored(p, KvStorage::q8_0);
  EXPECT_EQ(result.q.bytes(), p.q.bytes());
  EXPECT_NE(result.k.bytes(), p.k.bytes());
  EXPECT_EQ(stored(p, KvStorage::as_given).k.bytes(), p.k.bytes());
}

}  // namespace
}  // namespace attest
