// Problems that show a fault which few generated ones show.
#pragma once

#include <vector>

#include "faults/catalogue.hpp"
#include "problem/problem.hpp"

namespace attest::test {

/// Extents of a problem; the rest is plain.
struct Extents {
  std::int64_t batch = 1, q_heads = 1, kv_heads = 1, q_len = 1, kv_len = 1, qk_dim = 1, v_dim = 1;
};

/// Values in [-1, 1), the same for the same extents.
Problem plain_problem(const Extents& extents, DType q, DType kv);
Problem plain_problem(const Extents& extents, DType dtype);

/// In `dtype` (f64 or f32), or in what the fault needs. Empty where generated problems show the fault.
std::vector<Problem> special_problems(faults::KernelFault fault, DType dtype);

}  // namespace attest::test
