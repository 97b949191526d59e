#include "oracle_problems.hpp"

#include <cmath>
#include <random>

namespace attest {
namespace {

void fill_normal(Tensor& tensor, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  std::vector<double> values(static_cast<std::size_t>(tensor.count()));
  for (double& x : values) x = normal(random);
  tensor.assign(values);
}

}  // namespace

Problem causal_head(std::int64_t length, std::int64_t head_dim) {
  std::mt19937_64 random(1);
  Problem problem;
  for (Tensor* tensor : {&problem.q, &problem.k, &problem.v}) {
    *tensor = Tensor(DType::f32, {1, 1, length, head_dim});
    fill_normal(*tensor, random);
  }
  problem.scale = 1 / std::sqrt(static_cast<double>(head_dim));
  problem.causal = Causal::bottom_right;
  return problem;
}

Result correct_result(const Problem& problem) {
  const auto length = static_cast<std::size_t>(problem.q_len());
  const auto d = static_cast<std::size_t>(problem.qk_dim());
  const std::vector<double> q = problem.q.values();
  const std::vector<double> k = problem.k.values();
  const std::vector<double> v = problem.v.values();
  std::vector<double> out(length * d);
  std::vector<double> lse(length);
  for (std::size_t i = 0; i < length; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j <= i; ++j) {
      double score = 0;
      for (std::size_t c = 0; c < d; ++c) score += q[i * d + c] * k[j * d + c];
      const double weight = std::exp(problem.scale * score);
      sum += weight;
      for (std::size_t c = 0; c < d; ++c) out[i * d + c] += weight * v[j * d + c];
    }
    for (std::size_t c = 0; c < d; ++c) out[i * d + c] /= sum;
    lse[i] = std::log(sum);
  }
  Result result;
  result.out = Tensor(DType::f32, problem.q.shape());
  result.out.assign(out);
  result.lse = Tensor(DType::f32, {1, 1, problem.q_len()});
  result.lse->assign(lse);
  return result;
}

}  // namespace attest
