// Which keys the rows of a problem see, for laws about groups of rows.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "problem/problem.hpp"

namespace attest::laws {

/// [kv_len]: whether any row of any query head that reads this key/value head sees the key.
std::vector<bool> seen_keys(const Problem& problem, std::int64_t b, std::int64_t kv_head);

/// Visits every row of every batch and query head, in row-major order.
void for_each_row(const Problem& problem,
                  const std::function<void(std::int64_t b, std::int64_t h, std::int64_t i)>& visit);

/// [batch * q_heads * q_len] in row-major order: whether the row sees none of the keys of its key/value head
/// that `among` picks.
std::vector<bool> rows_seeing_none_of(
    const Problem& problem,
    const std::function<bool(std::int64_t b, std::int64_t kv_head, std::int64_t j)>& among);

/// Whether the head has a finite sink.
bool has_sink(const Problem& problem, std::int64_t h);

/// Whether the result depends on the positions of keys: causality, a window, ALiBi.
bool positional(const Problem& problem);

/// Whether two logical elements of the tensor may share storage, so that changing one changes the other. True
/// for some interleaved layouts that do not.
bool shares_storage(const Tensor& tensor);

}  // namespace attest::laws
