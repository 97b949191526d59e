// Small problems with distinct values everywhere, for the tests of this folder.
#pragma once

#include <random>
#include <string>

#include "kernel/kernel.hpp"
#include "problem/problem.hpp"

namespace attest::testing_kernels {

inline std::string library(const std::string& name) { return std::string(TEST_KERNELS_DIR) + "/" + name; }

/// Normal values, rounded to the tensor's type.
inline void fill(Tensor& tensor, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  std::vector<double> values(static_cast<std::size_t>(tensor.count()));
  for (double& value : values) value = normal(random);
  tensor.assign(values);
}

struct Shape {
  std::int64_t batch = 1, q_heads = 1, kv_heads = 1, q_len = 3, kv_len = 5, qk_dim = 4, v_dim = 4;
};

inline Problem make_problem(DType dtype, const Shape& s, std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  Problem problem;
  problem.q = Tensor(dtype, {s.batch, s.q_heads, s.q_len, s.qk_dim});
  problem.k = Tensor(dtype, {s.batch, s.kv_heads, s.kv_len, s.qk_dim});
  problem.v = Tensor(dtype, {s.batch, s.kv_heads, s.kv_len, s.v_dim});
  for (Tensor* tensor : {&problem.q, &problem.k, &problem.v}) fill(*tensor, random);
  problem.scale = 0.5;
  problem.causal = Causal::bottom_right;
  return problem;
}

/// A problem whose output has room for what tests/kernels/echo.c reports.
inline Problem echo_problem() {
  return make_problem(DType::f64, {.batch = 2, .q_heads = 4, .kv_heads = 2, .q_len = 3, .v_dim = 64});
}

inline kernel::RunOutcome run(kernel::Kernel& kernel, const Problem& problem,
                              const kernel::RunOptions& options = {}) {
  return kernel.run(problem, options);
}

inline kernel::RunOutcome run(const std::string& spec, const Problem& problem,
                              const kernel::RunOptions& options = {}) {
  return kernel::open_kernel(library(spec))->run(problem, options);
}

/// What KernelOpenError says; a message of its own when nothing is thrown.
inline std::string open_error(const std::string& spec) {
  try {
    kernel::open_kernel(spec);
  } catch (const kernel::KernelOpenError& error) {
    return error.what();
  }
  return "(it opened)";
}

}  // namespace attest::testing_kernels
