#include "onednn_support.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "kernel/adapters/registry.hpp"
#include "kernel/in_process/in_process.hpp"

namespace attest::onednn_tests {
namespace {

std::shared_ptr<kernel::Implementation> opened(const std::string& variant) {
  static std::map<std::string, std::shared_ptr<kernel::Implementation>> open;
  auto& implementation = open[variant];
  if (!implementation) implementation = kernel::onednn_adapter().open(variant);
  return implementation;
}

void fill_normal(Tensor& tensor, std::mt19937_64& generator) {
  std::normal_distribution<double> normal;
  std::vector<double> values(static_cast<std::size_t>(tensor.count()));
  for (double& value : values) value = normal(generator);
  tensor.assign(values);
}

}  // namespace

kernel::RunOutcome run(const Problem& problem, const std::string& variant) {
  const auto implementation = opened(variant);
  kernel::InProcessKernel kernel(implementation->info(), [&](const attest_forward& forward) {
    return implementation->forward(forward);
  });
  return kernel.run(problem, {});
}

kernel::KernelInfo info(const std::string& variant) { return opened(variant)->info(); }

Tensor output_of(const Problem& problem, const std::string& variant) {
  kernel::RunOutcome outcome = run(problem, variant);
  EXPECT_EQ(outcome.status, kernel::RunStatus::ok) << describe(problem) << " " << outcome.detail;
  return std::move(outcome.result.out);
}

Problem zeros(const Shape& s, DType dtype) {
  Problem problem;
  problem.q = Tensor(dtype, {s.batch, s.q_heads, s.q_len, s.qk_dim});
  problem.k = Tensor(dtype, {s.batch, s.kv_heads, s.kv_len, s.qk_dim});
  problem.v = Tensor(dtype, {s.batch, s.kv_heads, s.kv_len, s.v_dim});
  problem.want_lse = false;
  return problem;
}

Problem random_problem(const Shape& shape, DType dtype, std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  Problem problem = zeros(shape, dtype);
  for (Tensor* tensor : {&problem.q, &problem.k, &problem.v}) fill_normal(*tensor, generator);
  problem.scale = 1 / std::sqrt(static_cast<double>(shape.qk_dim));
  return problem;
}

bool visible(const Problem& p, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) {
  const auto n = p.kv_lens ? static_cast<std::int64_t>(p.kv_lens->at({b})) : p.kv_len();
  const std::int64_t pos = p.causal == Causal::top_left ? i : i + n - p.q_len();
  if (j >= n) return false;
  if (p.causal != Causal::none && j > pos) return false;
  if (p.window_left != -1 && j < pos - p.window_left) return false;
  if (p.window_right != -1 && j > pos + p.window_right) return false;
  if (p.mask && p.mask->at({b, h, i, j}) == 0) return false;
  return !p.bias || p.bias->at({b, h, i, j}) != -HUGE_VAL;
}

void for_each_row(const Problem& p, const std::function<void(std::int64_t, std::int64_t, std::int64_t)>& f) {
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t h = 0; h < p.q_heads(); ++h) {
      for (std::int64_t i = 0; i < p.q_len(); ++i) f(b, h, i);
    }
  }
}

Problem dominated(const Shape& shape, DType dtype, std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  Problem p = zeros(shape, dtype);
  p.q.assign(std::vector<double>(static_cast<std::size_t>(p.q.count()), 1.0));
  std::vector<int> rank(static_cast<std::size_t>(shape.kv_len));
  std::iota(rank.begin(), rank.end(), 0);
  for (std::int64_t b = 0; b < shape.batch; ++b) {
    for (std::int64_t h = 0; h < shape.kv_heads; ++h) {
      std::shuffle(rank.begin(), rank.end(), generator);
      for (std::int64_t j = 0; j < shape.kv_len; ++j) {
        p.k.set({b, h, j, 0}, 128.0 * rank[static_cast<std::size_t>(j)]);
        // A tag of 8 bits, which bf16 holds as well.
        for (std::int64_t c = 0; c < shape.v_dim; ++c) {
          p.v.set({b, h, j, c}, static_cast<double>((j + 37 * h + 101 * b + 11 * c) % 251 + 1));
        }
      }
    }
  }
  return p;
}

Tensor dominating_values(const Problem& p) {
  Tensor expected(p.q.dtype(), {p.batch(), p.q_heads(), p.q_len(), p.v_dim()});
  const std::int64_t group = p.q_heads() / p.kv_heads();
  for_each_row(p, [&](std::int64_t b, std::int64_t h, std::int64_t i) {
    std::int64_t best = -1;
    for (std::int64_t j = 0; j < p.kv_len(); ++j) {
      if (!visible(p, b, h, i, j)) continue;
      if (best < 0 || p.k.at({b, h / group, j, 0}) > p.k.at({b, h / group, best, 0})) best = j;
    }
    ASSERT_GE(best, 0) << "row " << i << " of head " << h << " sees no key";
    for (std::int64_t c = 0; c < p.v_dim(); ++c) expected.set({b, h, i, c}, p.v.at({b, h / group, best, c}));
  });
  return expected;
}

double largest_difference(const Tensor& a, const Tensor& b) {
  if (a.shape() != b.shape()) return HUGE_VAL;
  const std::vector<double> x = a.values();
  const std::vector<double> y = b.values();
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double difference = std::fabs(x[i] - y[i]);
    if (!(difference <= largest)) largest = std::isnan(difference) ? HUGE_VAL : difference;
  }
  return largest;
}

}  // namespace attest::onednn_tests
