#include "oracle_problems.hpp"

#include <cmath>
#include <map>
#include <random>

#include "oracle/blocked/tier.hpp"

namespace attest::bench {
namespace {

void fill_normal(Tensor& tensor, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  std::vector<double> values(static_cast<std::size_t>(tensor.count()));
  for (double& x : values) x = normal(random);
  tensor.assign(values);
}

}  // namespace

Problem causal_head(std::int64_t length, std::int64_t head_dim) {
  return decoding_head(length, length, head_dim);
}

Problem decoding_head(std::int64_t queries, std::int64_t keys, std::int64_t head_dim) {
  std::mt19937_64 random(1);
  Problem problem;
  problem.q = Tensor(DType::f32, {1, 1, queries, head_dim});
  problem.k = Tensor(DType::f32, {1, 1, keys, head_dim});
  problem.v = Tensor(DType::f32, {1, 1, keys, head_dim});
  for (Tensor* tensor : {&problem.q, &problem.k, &problem.v}) fill_normal(*tensor, random);
  problem.scale = 1 / std::sqrt(static_cast<double>(head_dim));
  problem.causal = Causal::bottom_right;
  return problem;
}

Result correct_result(const Problem& problem) {
  Result result;
  result.out = Tensor(DType::f32, problem.q.shape());
  result.lse = Tensor(DType::f32, {1, 1, problem.q_len()});
  const oracle::ContractSet contract = oracle::contract_for("f32", DType::f32, DType::f32);
  const oracle::blocked::HeadFacts head = oracle::blocked::facts_of_head(problem, 0, 0);
  oracle::blocked::certify_rows(problem, contract, head, 0, 0, 0, problem.q_len(),
                                [&](std::int64_t i, const oracle::blocked::CertifiedRow& row) {
                                  for (std::size_t c = 0; c < row.out.size(); ++c) {
                                    const oracle::Known& o = row.out[c].known;
                                    result.out.set({0, 0, i, static_cast<std::int64_t>(c)}, o.hi + o.lo);
                                  }
                                  result.lse->set({0, 0, i}, row.lse.known.hi + row.lse.known.lo);
                                });
  return result;
}

const Head& head_once(std::int64_t length, std::int64_t head_dim) {
  static std::map<std::pair<std::int64_t, std::int64_t>, Head> made;
  const auto found = made.find({length, head_dim});
  if (found != made.end()) return found->second;
  Problem problem = causal_head(length, head_dim);
  Result result = correct_result(problem);
  return made.emplace(std::pair{length, head_dim}, Head{std::move(problem), std::move(result)}).first->second;
}

std::vector<oracle::Row> some_rows(const Problem& problem, std::int64_t count) {
  std::vector<oracle::Row> rows;
  for (std::int64_t i = 1; i <= count; ++i)
    rows.push_back(oracle::gather_row(problem, 0, 0, problem.q_len() * i / count - 1));
  return rows;
}

}  // namespace attest::bench
