// Bit-for-bit comparison of two results of the same shape.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "oracle/judge/judge.hpp"
#include "problem/problem.hpp"

namespace attest::laws {

enum class NaNs : std::uint8_t {
  /// not compared where the first result is NaN, which the law "definition" reports; NaN in the second result
  /// only is a difference
  skipped,
  bits,  ///< NaN equals NaN with the same bits: for laws about determinism
};

struct Comparison {
  std::int64_t compared = 0;
  std::int64_t differing = 0;
  /// The differing elements, farthest first, at most kWorstElements; expected is the first result's value,
  /// got the second's, bound 0 and ratio infinite.
  std::vector<oracle::Element> worst;
};

/// Whether a row is compared.
using RowFilter = std::function<bool(std::int64_t b, std::int64_t h, std::int64_t i)>;

/// Compares the outputs that both results have. -0 equals +0. Empty filter: every row.
Comparison compare_bits(const Result& first, const Result& second, NaNs nans, const RowFilter& filter = {});

/// Sorts by distance from the expected value, NaN first, and keeps the first kWorstElements.
void keep_worst(std::vector<oracle::Element>& elements);

}  // namespace attest::laws
