// q_conversion=q8_0: a kernel that quantises q in blocks of 32 lies within the bound, near it in the worst
// case, and outside the bound of a contract that converts nothing.
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "oracle/judge/judge.hpp"
#include "query_block_problems.hpp"

namespace attest::oracle {
namespace {

using test::blocked_query_problem, test::blocked_query_result;
constexpr std::int64_t kDim = test::kBlockedDim;

// From the format's definition, in f32 as kernels do.
std::vector<double> quantised(const std::vector<double>& q) {
  std::vector<double> result(q.size());
  for (std::size_t at = 0; at < q.size(); at += 32) {
    float largest = 0;
    for (std::size_t c = at; c < at + 32; ++c)
      largest = std::fmax(largest, std::fabs(static_cast<float>(q[c])));
    const float step = largest / 127;
    const double scale = representable(DType::f16, static_cast<double>(step));
    for (std::size_t c = at; c < at + 32; ++c)
      result[c] = step == 0 ? 0 : scale * static_cast<double>(std::round(static_cast<float>(q[c]) / step));
  }
  return result;
}

// Exact attention of one row over quantised q, rounded to f32.
Result answer(const Problem& p) {
  const std::vector<double> q = quantised(p.q.values());
  std::vector<double> weights;
  double sum = 0;
  for (std::int64_t j = 0; j < p.kv_len(); ++j) {
    double score = 0;
    for (std::int64_t c = 0; c < kDim; ++c) score += q[static_cast<std::size_t>(c)] * p.k.at({0, 0, j, c});
    weights.push_back(std::exp(p.scale * score));
    sum += weights.back();
  }
  double out = 0;
  for (std::int64_t j = 0; j < p.kv_len(); ++j)
    out += weights[static_cast<std::size_t>(j)] / sum * p.v.at({0, 0, j, 0});
  return blocked_query_result(out);
}

Judgement judged(const Problem& p, const char* contract) {
  return judge(p, answer(p), contract_for(contract, DType::f32, DType::f32));
}

TEST(QueryBlocks, RandomQueriesStayWithin) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal;
  int outside_of_none = 0;
  for (int n = 0; n < 300; ++n) {
    Problem p = blocked_query_problem(9);
    p.scale = std::exp2(normal(random)) / std::sqrt(static_cast<double>(kDim));
    for (Tensor* t : {&p.q, &p.k, &p.v}) {
      std::vector<double> values(static_cast<std::size_t>(t->count()));
      for (double& x : values) x = normal(random);
      t->assign(values);
    }
    const Judgement j = judged(p, "f32;q_conversion=q8_0");
    ASSERT_FALSE(j.violated()) << n;
    outside_of_none += judged(p, "f32").violated();
  }
  EXPECT_GT(outside_of_none, 290);
}

TEST(QueryBlocks, TheWorstRoundingComesNearTheBound) {
  Problem p = blocked_query_problem(2);
  for (std::int64_t c = 0; c < kDim; ++c) {
    p.q.set({0, 0, 0, c}, c % 32 == 0 ? 127 : 0.49);
    p.k.set({0, 0, 1, c}, c % 32 == 0 ? 0 : 1);
  }
  p.scale = 0x1p-8;
  p.v.set({0, 0, 1, 0}, 1);
  const Judgement j = judged(p, "f32;q_conversion=q8_0");
  EXPECT_FALSE(j.violated());
  EXPECT_GT(j.out.ratios.max(), 0.6);
}

TEST(QueryBlocks, ContractsNameThem) {
  EXPECT_EQ(parse_contract("f32;q_conversion=q8_0").q_blocks, QueryBlocks::q8_0);
  EXPECT_EQ(parse_contract("f32;q_conversion=q8_1").q_blocks, QueryBlocks::q8_1);
  EXPECT_EQ(parse_contract("f32;q_conversion=q8_0;q_conversion=f16").q_blocks, QueryBlocks::none);
  EXPECT_EQ(parse_contract("f32;kv_storage=q4_0").kv_storage, KvStorages::both(KvStorage::q4_0));
  EXPECT_EQ(parse_contract("f32;kv_storage=q5_1/as-given").kv_storage,
            (KvStorages{KvStorage::q5_1, KvStorage::as_given}));
  for (const char* wrong : {"q3_K", "q8_0/", "/f16", "q8_0/f16/f16"})
    EXPECT_THROW(parse_contract(std::string("f32;kv_storage=") + wrong), ContractError) << wrong;
}

}  // namespace
}  // namespace attest::oracle
