// Values that a compressed cache holds: near what was asked, on the format's grid, and stored again
// unchanged.
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "problem/kv_storage/shared_storage.hpp"

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
  for (const char* name : {"as-given", "f16", "bf16", "q8_0", "q4_0", "q4_1", "q5_0", "q5_1", "iq4_nl"}) {
    EXPECT_EQ(name_of(kv_storage_from_name(name).value()), name);
  }
  EXPECT_EQ(kv_storages().size(), 9U);
  EXPECT_FALSE(kv_storage_from_name("q3_K"));
}

TEST(KvStorage, IntegersUpToTheirLargestFitWhereTheStepIsAPowerOfTwo) {
  const std::vector<double> eight{127, -127, 0, 1, -64, 3};
  EXPECT_EQ(stored(row(eight), KvStorage::q8_0).values(), eight);
  const std::vector<double> four{8, -7, 0, 1, -4, 3};
  EXPECT_EQ(stored(row(four), KvStorage::q4_0).values(), four);
  EXPECT_EQ(stored(row({8, -8}), KvStorage::q4_0).values(), (std::vector<double>{8, -7}));  // 4 bits: [-8, 7]
}

TEST(KvStorage, FiveBitsHoldTwiceTheIntegers) {
  const std::vector<double> values{16, -15, 0, 1, -9, 3};
  EXPECT_EQ(stored(row(values), KvStorage::q5_0).values(), values);
  EXPECT_EQ(stored(row({16, -16}), KvStorage::q5_0).values(), (std::vector<double>{16, -15}));
  EXPECT_NE(stored(row(values), KvStorage::q4_0).values(), values);
}

TEST(KvStorage, AMinimumMovesTheIntegers) {
  const std::vector<double> four{100, 115, 101, 107};
  EXPECT_EQ(stored(row(four), KvStorage::q4_1).values(), four);
  const std::vector<double> five{-3, 28, 0, 27};
  EXPECT_EQ(stored(row(five), KvStorage::q5_1).values(), five);
  EXPECT_EQ(stored(row({0, 0.4, 0.6, 15}), KvStorage::q4_1).values(), (std::vector<double>{0, 0, 1, 15}));
  EXPECT_EQ(stored(row({2049, 2049}), KvStorage::q4_1).values(), (std::vector<double>{2048, 2048}));  // f16
}

TEST(KvStorage, ASumOfScaleAndMinimumIsRoundedToF32) {
  const double minimum = 0x1p10, step = 0x1.004p-3;  // 15 steps take 26 bits of their sum
  const std::vector<double> values = stored(row({minimum, minimum + 15 * step}), KvStorage::q4_1).values();
  EXPECT_EQ(values[1], static_cast<double>(static_cast<float>(minimum + 15 * step)));
  // A spread below what f16 tells apart at the minimum is lost: the next scale would be another.
  EXPECT_EQ(stored(row({1, 1 + 0x1p-12}), KvStorage::q4_1).values(), (std::vector<double>{1, 1}));
}

TEST(KvStorage, NonlinearLevelsAreThoseOfTheFormat) {
  const std::vector<double> levels{-127, -104, -83, -65, -49, -35, -22, -10, 1,  13,
                                   25,   38,   53,  69,  89,  113, 0.9, 7.1, -5, -117};
  std::vector<double> expected = levels;
  expected[16] = 1;
  expected[17] = 13;
  expected[18] = -10;
  expected[19] = -127;
  EXPECT_EQ(stored(row(levels), KvStorage::iq4_nl).values(), expected);
  // The level of the largest magnitude is -127, so its sign is the scale's.
  EXPECT_EQ(stored(row({127, 113, -1}), KvStorage::iq4_nl).values(), (std::vector<double>{127, 104, -1}));
}

TEST(KvStorage, KeysAndValuesHaveStoragesOfTheirOwn) {
  Problem p;
  p.q = p.k = p.v = random_rows(8, 1);
  const KvStorages mixed{KvStorage::q8_0, KvStorage::f16};
  const Problem result = stored(p, mixed);
  EXPECT_EQ(result.k.bytes(), stored(p.k, KvStorage::q8_0).bytes());
  EXPECT_EQ(result.v.bytes(), stored(p.v, KvStorage::f16).bytes());
  EXPECT_TRUE(holds(mixed, result));
  EXPECT_FALSE(holds(KvStorages::both(KvStorage::q8_0), result));
  EXPECT_FALSE(holds(KvStorages::both(KvStorage::f16), result));
}

TEST(KvStorage, TwoStepsOfRoundingAreSeen) {
  EXPECT_EQ(stored(row({127, 0.6}), KvStorage::q8_0).values(), (std::vector<double>{127, 1}));
  EXPECT_NE(stored(row({1}), KvStorage::q8_0).values().front(), 1);  // 1/127 is no f16
  EXPECT_EQ(stored(row({1}), KvStorage::q4_0).values().front(), 1);
  EXPECT_EQ(stored(row({1 + 0x1p-11}), KvStorage::f16).values().front(), 1);
  EXPECT_EQ(stored(row({1 + 0x1p-9}), KvStorage::bf16).values().front(), 1);
}

TEST(KvStorage, StoringTwiceChangesNothing) {
  for (const KvStorage storage : kv_storages().subspan(1)) {
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

bool have_a_grid(KvStorage one, KvStorage other) {
  const auto either = [&](KvStorage a, KvStorage b) {
    return (one == a && other == b) || (one == b && other == a);
  };
  for (const KvStorage bits : {KvStorage::q4_0, KvStorage::q4_1, KvStorage::q5_0, KvStorage::q5_1}) {
    if (either(KvStorage::iq4_nl, bits)) return false;
  }
  return !either(KvStorage::q8_0, KvStorage::q4_1) && !either(KvStorage::q8_0, KvStorage::q5_1) &&
         !either(KvStorage::q4_0, KvStorage::q5_1) && !either(KvStorage::q4_1, KvStorage::q5_1);
}

TEST(SharedStorage, BothHoldWhatIsStoredInBoth) {
  for (const KvStorage one : kv_storages()) {
    for (const KvStorage other : kv_storages()) {
      if (!have_a_grid(one, other)) continue;
      const KvStorages first = KvStorages::both(one), second = KvStorages::both(other);
      for (const double size : {1e-9, 1e-2, 1.0, 300.0, 1e12}) {
        Problem p;
        p.q = p.k = p.v = random_rows(37, size);
        const Problem result = stored_in_both(p, first, second);
        EXPECT_TRUE(holds(first, result) && holds(second, result))
            << name_of(one) << " " << name_of(other) << " " << size;
        const std::vector<double> nothing(result.k.values().size(), 0);
        if (size > 1e-6) {
          EXPECT_NE(result.k.values(), nothing) << "f16 holds none of those below";
        }
        EXPECT_EQ(result.q.bytes(), p.q.bytes());
      }
    }
  }
}

TEST(SharedStorage, KeysAndValuesHaveGridsOfTheirOwn) {
  Problem p;
  p.q = p.k = p.v = random_rows(37, 1);
  const KvStorages one{KvStorage::q8_0, KvStorage::q5_1}, other{KvStorage::f16, KvStorage::q5_0};
  const Problem result = stored_in_both(p, one, other);
  EXPECT_TRUE(holds(one, result) && holds(other, result));
  EXPECT_NE(result.k.values(), result.v.values());
}

Problem in_both(const Problem& p, KvStorage one, KvStorage other) {
  return stored_in_both(p, KvStorages::both(one), KvStorages::both(other));
}

TEST(SharedStorage, TheGridIsTheOneThatBothFormatsHaveInCommon) {
  Problem p;
  p.q = p.k = row({0.9, -0.9, 0.25, 0});
  p.v = row({-3, 3, 1});
  const Problem wide = in_both(p, KvStorage::q8_0, KvStorage::f16);
  EXPECT_EQ(wide.k.values(), (std::vector<double>{127 * 0x1p-7, -115 * 0x1p-7, 32 * 0x1p-7, 0}));
  const Problem both = in_both(p, KvStorage::q8_0, KvStorage::q4_0);
  EXPECT_EQ(both.k.values(), (std::vector<double>{1016 * 0x1p-10, 0, 0, 0}));
  EXPECT_EQ(both.v.values(), (std::vector<double>{-1016 * 0x1p-8, 0, 0}));
}

TEST(SharedStorage, NumbersThatBothHoldStay) {
  Problem p;
  p.q = p.k = p.v = row({8, -7, 0, 1});
  EXPECT_EQ(in_both(p, KvStorage::q4_0, KvStorage::f16).k.values(), p.k.values());
  p.q = p.k = p.v = random_rows(37, 1);
  EXPECT_EQ(in_both(p, KvStorage::as_given, KvStorage::q4_0).k.bytes(), stored(p, KvStorage::q4_0).k.bytes());
}

}  // namespace
}  // namespace attest
