// Kernels and problems for the tests of the ONNX Runtime adapter.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/adapters/registry.hpp"
#include "kernel/in_process/in_process.hpp"
#include "oracle/definition/visible.hpp"
#include "oracle/judge/judge.hpp"

namespace attest::testing_onnxruntime {

/// A variant in this process, its tensors at guard pages. A package that is not installed throws
/// KernelOpenError, which fails the test with the message that says how to install it.
inline std::unique_ptr<kernel::Kernel> open(const std::string& variant) {
  std::shared_ptr<kernel::Implementation> operators = kernel::onnxruntime_adapter().open(variant);
  const kernel::KernelInfo info = operators->info();
  return std::make_unique<kernel::InProcessKernel>(
      info, [operators](const attest_forward& problem) { return operators->forward(problem); });
}

struct Extents {
  std::int64_t batch = 1, q_heads = 1, kv_heads = 1, q_len = 1, kv_len = 1, dim = 16;
};

/// q = 0, so that all visible keys weigh the same, and value j is 2^kv_head in channel j: channel j of a
/// row's output is 2^kv_head times the weight of key j. Precondition: kv_len <= dim.
inline Problem uniform_problem(DType dtype, const Extents& e) {
  Problem p;
  p.q = Tensor(dtype, {e.batch, e.q_heads, e.q_len, e.dim});
  p.k = Tensor(dtype, {e.batch, e.kv_heads, e.kv_len, e.dim});
  p.v = Tensor(dtype, {e.batch, e.kv_heads, e.kv_len, e.dim});
  for (std::int64_t b = 0; b < e.batch; ++b) {
    for (std::int64_t h = 0; h < e.kv_heads; ++h) {
      for (std::int64_t j = 0; j < e.kv_len; ++j) p.v.set({b, h, j, j}, std::ldexp(1.0, static_cast<int>(h)));
    }
  }
  p.want_lse = false;
  return p;
}

inline void randomize(Tensor& tensor, std::mt19937_64& random, double deviation = 1) {
  std::normal_distribution<double> normal(0, deviation);
  std::vector<double> values(static_cast<std::size_t>(tensor.count()));
  for (double& value : values) value = normal(random);
  tensor.assign(values);
}

inline Tensor tensor_of(DType dtype, std::vector<std::int64_t> shape, const std::vector<double>& values) {
  Tensor tensor(dtype, std::move(shape));
  tensor.assign(values);
  return tensor;
}

/// The weight of one of n equal keys in the operators' arithmetic: fl(1/n), exactly, in the accumulation's
/// format (f32, or f64 for f64), then rounded to the output's. A sink of 0 counts as one more key.
inline double equal_weight(DType dtype, std::size_t n) {
  const double exact = 1.0 / static_cast<double>(n);
  return dtype == DType::f64 ? exact : representable(dtype, representable(DType::f32, exact));
}

/// Runs a uniform problem and requires each key's weight, bit for bit: 0 where masked, else that of n equal
/// keys. `extra` is the number of sinks of 0 in the denominator.
inline void expect_equal_weights(kernel::Kernel& kernel, const Problem& p, std::size_t extra = 0) {
  SCOPED_TRACE(kernel.info().name + " " + describe(p));
  ASSERT_EQ(why_invalid(p), "");
  const kernel::RunOutcome outcome = kernel.run(p, {});
  ASSERT_EQ(outcome.status, kernel::RunStatus::ok) << outcome.detail;
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    for (std::int64_t h = 0; h < p.q_heads(); ++h) {
      const double unit = std::ldexp(1.0, static_cast<int>(oracle::kv_head_of(p, h)));
      for (std::int64_t i = 0; i < p.q_len(); ++i) {
        const std::size_t n = oracle::visible_keys(p, b, h, i).size();
        for (std::int64_t j = 0; j < p.v_dim(); ++j) {
          const bool seen = j < p.kv_len() && oracle::visible(p, b, h, i, j);
          ASSERT_EQ(outcome.result.out.at({b, h, i, j}),
                    seen ? unit * equal_weight(p.q.dtype(), n + extra) : 0.0)
              << "batch " << b << " head " << h << " row " << i << " key " << j;
        }
      }
    }
  }
}

inline oracle::Judgement judge_outcome(const kernel::Kernel& kernel, const Problem& p,
                                       const kernel::RunOutcome& outcome) {
  return oracle::judge(p, outcome.result,
                       oracle::contract_for(kernel.info().contract, p.q.dtype(), p.k.dtype()));
}

}  // namespace attest::testing_onnxruntime
