// The problems that the oracle's benchmarks are measured on, and right answers to them.
#pragma once

#include <cstdint>
#include <vector>

#include "oracle/definition/row.hpp"
#include "problem/problem.hpp"

namespace attest::bench {

inline const std::vector<std::int64_t> kBenchLengths{512, 1024, 2048, 4096, 8192, 16384};
inline const std::vector<std::int64_t> kBenchHeadDims{64, 128};

/// One causal head of standard normal f32 inputs, q_len = kv_len = `length`, scale head_dim^-1/2.
Problem causal_head(std::int64_t length, std::int64_t head_dim);
/// The last `queries` queries of such a head of `keys` keys.
Problem decoding_head(std::int64_t queries, std::int64_t keys, std::int64_t head_dim);

/// What a perfect kernel returns: o and lse of the f64 tier, rounded once. For causal_head alone.
Result correct_result(const Problem& problem);

/// causal_head and its correct_result, made once for each length and head_dim: making them takes longer than
/// judging.
struct Head {
  Problem problem;
  Result result;
};
const Head& head_once(std::int64_t length, std::int64_t head_dim);

/// `count` rows, evenly spread, the last one included.
std::vector<oracle::Row> some_rows(const Problem& problem, std::int64_t count);

}  // namespace attest::bench
