// Which keys a query row sees: the ABI's rule, one predicate, and nothing clever.
#pragma once

#include <cstdint>
#include <vector>

#include "problem/problem.hpp"

namespace attest::oracle {

/// Keys of batch b that exist: kv_lens[b] where given, else kv_len.
std::int64_t keys_of(const Problem& problem, std::int64_t b);
/// The position of query row i of batch b among the keys, which a capture's q_start may give; may be
/// negative.
std::int64_t position_of(const Problem& problem, std::int64_t b, std::int64_t i);
/// The key/value head that query head h reads.
std::int64_t kv_head_of(const Problem& problem, std::int64_t h);
/// Whether row i of batch b and query head h sees key j (include/attest/kernel.h states the rule).
bool visible(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j);
/// Keys that causality, windows and lengths leave to a row: [begin, end), empty as begin == end. A mask or
/// bias may hide more.
struct KeyRange {
  std::int64_t begin = 0, end = 0;
};
KeyRange key_range(const Problem& problem, std::int64_t b, std::int64_t i);
/// All visible keys of a row, ascending.
std::vector<std::int64_t> visible_keys(const Problem& problem, std::int64_t b, std::int64_t h,
                                       std::int64_t i);

}  // namespace attest::oracle
