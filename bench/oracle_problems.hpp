// The problems that the oracle's benchmarks are measured on, and right answers to them.
#pragma once

#include <cstdint>

#include "problem/problem.hpp"

namespace attest {

/// One causal head of standard normal f32 inputs, q_len = kv_len = `length`, scale head_dim^-1/2.
Problem causal_head(std::int64_t length, std::int64_t head_dim);

/// What a correct kernel returns, from plain f64 loops rounded once: for causal_head alone.
Result correct_result(const Problem& problem);

}  // namespace attest
