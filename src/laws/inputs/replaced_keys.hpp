// Replaces keys and values that some rows must not see.
#pragma once

#include <cstdint>
#include <vector>

#include "oracle/contract/contract.hpp"
#include "problem/problem.hpp"

namespace attest::laws {

struct KeyAt {
  std::int64_t b = 0, kv_head = 0, key = 0;
};

struct RowAt {
  std::int64_t b = 0, h = 0, i = 0;
};

/// Keys that no row of their batch and key/value head sees, ascending.
std::vector<KeyAt> unseen_keys(const Problem& problem);

/// The largest sum |q k| for which no score overflows under any alternative, divided by 16 for safety.
double score_room(const Problem& problem, const oracle::ContractSet& contract);

/// The problem with k and v of these keys (ascending by batch and head) replaced. Each variant catches a
/// different bug: ordinary values catch keys that are not hidden; values as large as possible without
/// overflowing a score catch keys that are hidden by adding a finite number to the score; logits that
/// dominate a row of their group, with a tagged value, catch a leak of a single key, which then replaces the
/// row's output.
Problem with_ordinary(const Problem& problem, const oracle::ContractSet& contract,
                      const std::vector<KeyAt>& keys);
Problem with_large(const Problem& problem, const oracle::ContractSet& contract,
                   const std::vector<KeyAt>& keys);
Problem with_dominating(const Problem& problem, const oracle::ContractSet& contract,
                        const std::vector<KeyAt>& keys);
/// The same for one row. The keys belong to the row's batch and key/value head.
Problem with_dominating(const Problem& problem, const oracle::ContractSet& contract, const RowAt& row,
                        const std::vector<KeyAt>& keys);

}  // namespace attest::laws
