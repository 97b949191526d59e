// Kernels and problems for the tests of the ggml adapter.
#pragma once

#include <cmath>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/adapters/registry.hpp"
#include "kernel/in_process/in_process.hpp"
#include "oracle/judge/judge.hpp"
#include "problem/kv_storage.hpp"

namespace attest::testing_ggml {

/// A variant in this process, opened once for all tests. A package that is not installed throws
/// KernelOpenError.
inline kernel::Kernel& kernel_of(const std::string& variant) {
  static std::map<std::string, std::unique_ptr<kernel::Kernel>> opened;
  std::unique_ptr<kernel::Kernel>& kernel = opened[variant];
  if (!kernel) {
    std::shared_ptr<kernel::Implementation> ggml = kernel::ggml_adapter().open(variant);
    kernel = std::make_unique<kernel::InProcessKernel>(
        ggml->info(), [ggml](const attest_forward& problem) { return ggml->forward(problem); });
  }
  return *kernel;
}

/// The variant of the best CPU library, with K and V in f32.
inline std::string best_cpu() {
  const std::vector<std::string> variants = kernel::ggml_adapter().variants;
  std::string best;
  for (const std::string& variant : variants) {
    if (variant == "f16") break;
    best = variant;
  }
  return best;
}

struct Extents {
  std::int64_t batch = 1, q_heads = 1, kv_heads = 1, q_len = 1, kv_len = 1, qk_dim = 8, v_dim = 8;
};

/// q and k of zeros, v of `value`.
inline Problem constant_problem(const Extents& e, double value, DType kv = DType::f32) {
  Problem p;
  p.q = Tensor(DType::f32, {e.batch, e.q_heads, e.q_len, e.qk_dim});
  p.k = Tensor(kv, {e.batch, e.kv_heads, e.kv_len, e.qk_dim});
  p.v = Tensor(kv, {e.batch, e.kv_heads, e.kv_len, e.v_dim});
  p.v.assign(std::vector<double>(static_cast<std::size_t>(p.v.count()), value));
  p.want_lse = false;
  return p;
}

inline void randomize(Tensor& tensor, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  std::vector<double> values(static_cast<std::size_t>(tensor.count()));
  for (double& x : values) x = normal(random);
  tensor.assign(values);
}

inline Tensor vector_of(const std::vector<double>& values, DType dtype = DType::f32) {
  Tensor tensor(dtype, {static_cast<std::int64_t>(values.size())});
  tensor.assign(values);
  return tensor;
}

inline oracle::Judgement judge_outcome(const kernel::Kernel& kernel, const Problem& p,
                                       const kernel::RunOutcome& outcome) {
  return oracle::judge(p, outcome.result,
                       oracle::contract_for(kernel.info().contract, p.q.dtype(), p.k.dtype()));
}

}  // namespace attest::testing_ggml
