// Shared by the oneDNN adapter's tests: problems, a plain reference, and calls in this process.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kernel/kernel.hpp"
#include "problem/problem.hpp"

namespace attest::onednn_tests {

/// Calls a variant in this process, with tensors that end at guard pages and an output of NaN before the
/// call. All variants of one process share the instruction set of the first.
kernel::RunOutcome run(const Problem& problem, const std::string& variant = "");
kernel::KernelInfo info(const std::string& variant = "");

/// The output of a run that must succeed; a test failure and an empty tensor otherwise.
Tensor output_of(const Problem& problem, const std::string& variant = "");

struct Shape {
  std::int64_t batch = 1, q_heads = 1, kv_heads = 1, q_len = 1, kv_len = 1, qk_dim = 1, v_dim = 1;
};

/// Zeros of the given shape, scale 1, no lse wanted.
Problem zeros(const Shape& shape, DType dtype = DType::f32);

/// q, k and v normal with standard deviation 1, scale 1 / sqrt(qk_dim).
Problem random_problem(const Shape& shape, DType dtype, std::uint64_t seed);

/// Whether key j is visible to row i of batch b and query head h: the ABI's definition, clause by clause.
bool visible(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j);

/// Calls f(b, h, i) for every row.
void for_each_row(const Problem& problem,
                  const std::function<void(std::int64_t, std::int64_t, std::int64_t)>& f);

/// Scores that lie 128 apart, a permutation of the keys for each batch and key head; v[.., j, c] tags its
/// batch, key head and key exactly. exp(-128) is below the smallest f32, so that every correct kernel returns
/// the value of the visible key with the largest score, bit for bit.
Problem dominated(const Shape& shape, DType dtype, std::uint64_t seed);
/// What `dominated` must give after its masks were set; every row must see a key.
Tensor dominating_values(const Problem& problem);

/// max_c |a - b| over all elements; NaN anywhere gives infinity.
double largest_difference(const Tensor& a, const Tensor& b);

}  // namespace attest::onednn_tests
