// A gathered row that remembers which keys it holds, and its scores in extended precision.
#pragma once

#include <cstdint>
#include <vector>

#include "faults/signatures/row/row_rounding.hpp"
#include "oracle/definition/row.hpp"

namespace attest::faults {

struct KeyRow {
  oracle::Row row;
  std::vector<std::int64_t> keys;  ///< of the row, ascending; -1 for keys that do not exist

  /// What the row's doubles lose of the scores and values that they stand for.
  RowRounding rounding;

  std::size_t size() const { return keys.size(); }
  /// One more key with this score exactly, and this value [v_dim] (empty: zeros).
  void append(std::int64_t key, double score, const std::vector<double>& value = {});
  /// Adds to the score of the n-th key; `by` comes from scores_of().
  void shift_score(std::size_t n, long double by);
  /// `by` is a product or quotient of so many sums of exponentials of scores_of(), of at most a term a key.
  void scale_value(std::size_t n, long double by, std::size_t factors = 1);
  void set_sink(long double score);

 private:
  /// What scores_of() and a few operations on its scores are off by at most.
  double slack();
  double slack_ = -1;
};

KeyRow key_row(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i,
               std::vector<std::int64_t> keys);

/// [keys], q.k alone.
std::vector<long double> products_of(const oracle::Row& row);
/// scale, then softcap.
long double capped(const oracle::Row& row, long double product);
/// [keys], the whole score.
std::vector<long double> scores_of(const oracle::Row& row);

}  // namespace attest::faults
