// The certified error bound: how far from the exact result a kernel that keeps its contract can be.
#pragma once

#include <vector>

#include "oracle/contract.hpp"
#include "oracle/facts.hpp"
#include "oracle/row.hpp"

namespace attest {

/// Bounds of one row, around the exact result (the reference's radius is not included).
/// HUGE_VAL: the theorem's conditions fail, nothing is certified.
struct RowBound {
  std::vector<double> out;  ///< [v_dim], absolute
  double lse = 0;           ///< absolute
  bool scores_in_range =
      true;  ///< false: a correct kernel's scores may overflow; nothing of the row is certified
  bool lse_in_range = true;    ///< false: a correct kernel's denominator may overflow as well
  std::vector<bool> in_range;  ///< [v_dim]; false: a correct kernel's numerator or output may overflow
};

/// Evaluates the bound of docs/bound-derivation.md for one contract. Every term is nonnegative and evaluated
/// in f64 from outward facts; the results carry a factor 1 + 2^-30 that covers the evaluation's own roundings
/// (fewer than 2^20 terms, each with fewer than 100 operations). `out` and `lse` are the dtypes the kernel
/// stores.
RowBound bound_of(const Contract& contract, const Row& row, const RowFacts& facts, DType out, DType lse);

}  // namespace attest
