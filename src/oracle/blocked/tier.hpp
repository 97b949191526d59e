// The blocked f64 tier: o, lse, radii and the contract's bound of many query rows, tile by tile of keys.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "oracle/blocked/finish.hpp"
#include "oracle/contract/contract.hpp"
#include "problem/problem.hpp"

namespace attest::oracle::blocked {

/// Number of query rows that share each packed tile: what certify_rows is best called with.
std::int64_t rows_per_call(const Problem& problem);

/// Whether the tier is faster than rows one by one.
bool suits(const Problem& problem);

/// What certify_rows needs to know of a head; several query heads may share it.
HeadFacts facts_of_head(const Problem& problem, std::int64_t b, std::int64_t kv_head);

/// Certifies these query rows (ascending) of batch b and query head h, and gives each to `take` in order.
/// Memory is O(rows * (qk_dim + v_dim)), whatever the number of keys; about 1 MiB for rows_per_call rows.
/// `sharp` is empty, or what a sharper tier knows of each row: then only the bound is this tier's.
/// Precondition: suits(problem).
void certify_rows(const Problem& problem, const ContractSet& contract, const HeadFacts& head, std::int64_t b,
                  std::int64_t h, std::span<const std::int64_t> rows, std::span<const SharpRow> sharp,
                  const std::function<void(std::int64_t, const CertifiedRow&)>& take);
/// Rows [begin, end), by this tier alone.
void certify_rows(const Problem& problem, const ContractSet& contract, const HeadFacts& head, std::int64_t b,
                  std::int64_t h, std::int64_t begin, std::int64_t end,
                  const std::function<void(std::int64_t, const CertifiedRow&)>& take);

}  // namespace attest::oracle::blocked
