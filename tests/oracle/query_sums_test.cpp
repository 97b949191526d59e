// q_conversion=q8_1: a kernel that multiplies the minimum of a block of keys by the sum of a block of the
// query, rounded to f16, lies within the bound, near it in the worst case, and outside the bound of q8_0.
#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "oracle/contract/questions.hpp"
#include "oracle/judge/judge.hpp"
#include "problem/kv_storage.hpp"
#include "query_block_problems.hpp"

namespace attest::oracle {
namespace {

using test::blocked_query_problem, test::blocked_query_result;
constexpr std::int64_t kDim = test::kBlockedDim, kBlock = 32;

struct QueryBlock {
  float scale = 0, sum = 0;
  std::array<int, kBlock> numbers{};
};

struct KeyBlock {
  float scale = 0, minimum = 0;
  std::array<int, kBlock> numbers{};
};

float half(float x) { return static_cast<float>(representable(DType::f16, static_cast<double>(x))); }

// From the format's definition, in f32 as kernels do.
QueryBlock query_block(const Problem& p, std::int64_t first) {
  QueryBlock block;
  const auto q = [&](std::int64_t c) { return static_cast<float>(p.q.at({0, 0, 0, first + c})); };
  float largest = 0;
  for (std::int64_t c = 0; c < kBlock; ++c) largest = std::fmax(largest, std::fabs(q(c)));
  const float step = largest / 127;
  int sum = 0;
  for (std::int64_t c = 0; c < kBlock; ++c) {
    int& number = block.numbers.at(static_cast<std::size_t>(c));
    number = step == 0 ? 0 : static_cast<int>(std::round(q(c) * (1 / step)));
    sum += number;
  }
  block.scale = half(step);
  block.sum = half(step * static_cast<float>(sum));
  return block;
}

// Of a key that q4_1 holds.
KeyBlock key_block(const Problem& p, std::int64_t j, std::int64_t first) {
  const auto k = [&](std::int64_t c) { return p.k.at({0, 0, j, first + c}); };
  double low = k(0), high = k(0);
  for (std::int64_t c = 0; c < kBlock; ++c) {
    low = std::min(low, k(c));
    high = std::max(high, k(c));
  }
  KeyBlock block;
  block.minimum = static_cast<float>(low);
  block.scale = half(static_cast<float>((high - low) / 15));
  for (std::int64_t c = 0; c < kBlock; ++c) {
    block.numbers.at(static_cast<std::size_t>(c)) =
        block.scale == 0 ? 0 : static_cast<int>(std::lround((k(c) - low) / static_cast<double>(block.scale)));
  }
  return block;
}

float product(const Problem& p, std::int64_t j) {
  float products = 0, sums = 0;
  for (std::int64_t first = 0; first < kDim; first += kBlock) {
    const QueryBlock q = query_block(p, first);
    const KeyBlock k = key_block(p, j, first);
    int dot = 0;
    for (std::size_t c = 0; c < kBlock; ++c) dot += q.numbers.at(c) * k.numbers.at(c);
    products += q.scale * k.scale * static_cast<float>(dot);
    sums += k.minimum * q.sum;
  }
  return products + sums;
}

// Exact attention of one row over these scores, rounded to f32.
Result answer(const Problem& p) {
  double sum = p.sink ? std::exp(p.sink->at({0})) : 0, out = 0;
  for (std::int64_t j = 0; j < p.kv_len(); ++j) {
    const double weight = std::exp(p.scale * static_cast<double>(product(p, j)));
    sum += weight;
    out += weight * p.v.at({0, 0, j, 0});
  }
  return blocked_query_result(out / sum);
}

Judgement judged(const Problem& p, const char* contract) {
  return judge(p, answer(p), contract_for(contract, DType::f32, DType::f32));
}

TEST(QuerySums, RandomQueriesStayWithin) {
  std::mt19937_64 random(17);
  std::normal_distribution<double> normal;
  int outside_of_none = 0;
  for (int n = 0; n < 300; ++n) {
    Problem p = blocked_query_problem(9);
    p.scale = std::exp2(normal(random)) / std::sqrt(static_cast<double>(kDim));
    const double middle = 3 * normal(random);  // of keys whose minimum is far from 0
    for (Tensor* t : {&p.q, &p.k, &p.v}) {
      std::vector<double> values(static_cast<std::size_t>(t->count()));
      for (double& x : values) x = normal(random) + (t == &p.k ? middle : 0);
      t->assign(values);
    }
    p.k = stored(p.k, KvStorage::q4_1);
    const Judgement j = judged(p, "f32;q_conversion=q8_1");
    ASSERT_FALSE(j.violated()) << n;
    outside_of_none += judged(p, "f32").violated();
  }
  EXPECT_GT(outside_of_none, 280);
}

// The first channel is the minimum -1, the others are about 0, so that their part of the sum has to cancel.
// The scale of the query is near the middle between two numbers of f16, where it errs the most, and the sum
// of its 8-bit integers is odd, so that its own rounding may go the other way.
TEST(QuerySums, TheWorstRoundingComesNearTheBoundAndIsOutsideThatOfQ8_0) {
  double largest = 0;
  int outside_of_q8_0 = 0;
  for (int n = 0; n < 200; ++n) {
    Problem p = blocked_query_problem(1);
    p.sink = Tensor(DType::f32, {1});  // has no error of its own
    const double step = 1 + 0x1p-11 + (n - 100) * 0x1p-20;
    for (std::int64_t c = 0; c < kDim; ++c) {
      p.q.set({0, 0, 0, c}, (c % kBlock == 1 ? 126 : 127) * step);
      p.k.set({0, 0, 0, c}, c % kBlock == 0 ? -1 : 0);
    }
    p.k = stored(p.k, KvStorage::q4_1);
    p.scale = 0x1p-10;
    p.v.set({0, 0, 0, 0}, 1);
    const Judgement j = judged(p, "f32;q_conversion=q8_1");
    ASSERT_FALSE(j.violated()) << n;
    largest = std::max(largest, j.out.ratios.max());
    outside_of_q8_0 += judged(p, "f32;q_conversion=q8_0").violated();
  }
  EXPECT_GT(largest, 0.5);
  EXPECT_GT(outside_of_q8_0, 100);
}

// The sum of 32 channels of 2048 and more has no number in f16.
TEST(QuerySums, LeaveTheRangeOfF16BeforeTheQueryDoes) {
  EXPECT_LT(largest_converted_query(parse_contract("f32;q_conversion=q8_1")), 2048);
  EXPECT_GT(largest_converted_query(parse_contract("f32;q_conversion=q8_0")), 65504);
  Problem p = blocked_query_problem(2);
  p.scale = 0x1p-20;
  for (std::int64_t c = 0; c < kDim; ++c) p.q.set({0, 0, 0, c}, 2049);
  for (std::int64_t c = 0; c < kDim; ++c) p.k.set({0, 0, 1, c}, c % kBlock == 0 ? -1 : 0);
  p.k = stored(p.k, KvStorage::q4_1);
  const Judgement j = judged(p, "f32;q_conversion=q8_1");
  EXPECT_FALSE(j.violated());
  EXPECT_EQ(j.out.within, 0);
}

}  // namespace
}  // namespace attest::oracle
