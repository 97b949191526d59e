// Scores of a row in f64, for laws with preconditions on the gaps between scores. Not certified.
#pragma once

#include <cstdint>
#include <vector>

#include "oracle/contract/contract.hpp"
#include "problem/problem.hpp"

namespace attest::laws {

/// One score: softcap(scale * q.k) + bias - slope * distance.
double score_of(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j);

/// Whether every kernel that keeps the contract computes exactly 0: q or k is zero, both are finite and stay
/// so when they are converted, and nothing is added.
bool score_is_zero(const Problem& problem, const oracle::ContractSet& contract, std::int64_t b,
                   std::int64_t h, std::int64_t i, std::int64_t j);

struct KeyScore {
  std::int64_t key = 0;
  double score = 0;
};
/// Scores of the visible keys, ascending by key, without the sink.
std::vector<KeyScore> visible_scores(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i);

}  // namespace attest::laws
