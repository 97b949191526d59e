// The double-double tier: o and lse of query rows to a radius of about 2^-90, from the definition.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "oracle/definition/row.hpp"
#include "oracle/double_double/group.hpp"
#include "problem/problem.hpp"

namespace attest::oracle::dd {

/// Query rows that share each packed tile: what sharpen_rows is best called with.
constexpr std::int64_t kRowsPerCall = 8 * static_cast<std::int64_t>(kGroupRows);

/// What sharpen_rows needs to know of a head: reads every key and value that exists in batch b, visible or
/// not. Where one is not finite, no row of the head is usable.
Head head_of(const Problem& problem, std::int64_t b, std::int64_t h);

/// Computes query rows, ascending, of batch b and query head h, and gives each to `take` in order. Memory is
/// O(rows * (qk_dim + v_dim)), whatever the number of keys. `head` is head_of(problem, b, h).
void sharpen_rows(const Problem& problem, const Head& head, std::int64_t b, std::int64_t h,
                  std::span<const std::int64_t> rows,
                  const std::function<void(std::int64_t, const SharpRow&)>& take);
/// Rows [begin, end).
void sharpen_rows(const Problem& problem, const Head& head, std::int64_t b, std::int64_t h,
                  std::int64_t begin, std::int64_t end,
                  const std::function<void(std::int64_t, const SharpRow&)>& take);

/// The same for a gathered row with at least one key, all finite.
SharpRow sharpen(const Row& row);

}  // namespace attest::oracle::dd
