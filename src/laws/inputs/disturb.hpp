// Other contents for keys that some rows must not notice.
#pragma once

#include <cstdint>
#include <vector>

#include "oracle/contract/contract.hpp"
#include "problem/problem.hpp"

namespace attest {

struct KeyAt {
  std::int64_t b = 0, kv_head = 0, key = 0;
};

struct RowAt {
  std::int64_t b = 0, h = 0, i = 0;
};

/// Keys that no row of their batch and key/value head sees, ascending.
std::vector<KeyAt> unseen_keys(const Problem& problem);

/// Sum |q k| that overflows no score of any alternative, with a factor of 16 to spare.
double score_room(const Problem& problem, const ContractSet& contract);

/// The problem with k and v of these keys (ascending by batch and head) replaced. Each catches another way of
/// hiding keys wrongly: ordinary values (they are not hidden), values as large as they can be without
/// overflowing a score (hidden by a finite number added to the score), and logits that dominate a row of
/// their group together with a tagged value (a leak of one key replaces the row's output).
Problem with_ordinary(const Problem& problem, const ContractSet& contract, const std::vector<KeyAt>& keys);
Problem with_large(const Problem& problem, const ContractSet& contract, const std::vector<KeyAt>& keys);
Problem with_dominating(const Problem& problem, const ContractSet& contract, const std::vector<KeyAt>& keys);
/// The same in this very row. The keys are of its batch and of the key/value head that it reads.
Problem with_dominating(const Problem& problem, const ContractSet& contract, const RowAt& row,
                        const std::vector<KeyAt>& keys);

}  // namespace attest
