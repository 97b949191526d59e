// Makes smaller and simpler problems: parts of axes, other dtypes or layouts, features removed.
#pragma once

#include <cstdint>
#include <vector>

#include "problem/problem.hpp"

namespace attest::laws {

/// The elements at these indices (ascending) along one axis, in a layout of the same kind: the axes keep
/// their order in memory, the gaps between rows their width, and repeated (stride 0) axes stay repeated.
/// A spread tensor keeps the strides that kernels see, unless the axis grows.
Tensor taken(const Tensor& tensor, std::size_t axis, const std::vector<std::int64_t>& indices);

/// Parts of a problem; indices ascend and are in range. Optional tensors follow, broadcast axes stay; kv_lens
/// counts the kept keys that existed. Positions are those of the smaller problem.
Problem with_batches(const Problem& problem, const std::vector<std::int64_t>& batches);
Problem with_queries(const Problem& problem, const std::vector<std::int64_t>& rows);
Problem with_keys(const Problem& problem, const std::vector<std::int64_t>& keys);
Problem with_first_keys(const Problem& problem, std::int64_t count);
Problem with_qk_dims(const Problem& problem, const std::vector<std::int64_t>& channels);
Problem with_v_dims(const Problem& problem, const std::vector<std::int64_t>& channels);
/// Whole groups: the key/value heads and all query heads that read them.
Problem with_kv_heads(const Problem& problem, const std::vector<std::int64_t>& kv_heads);
/// The same members of every group; `members` are in [0, q_heads / kv_heads).
Problem with_group_members(const Problem& problem, const std::vector<std::int64_t>& members);

/// 0, 1, ..., count - 1.
std::vector<std::int64_t> first_indices(std::int64_t count);

}  // namespace attest::laws
