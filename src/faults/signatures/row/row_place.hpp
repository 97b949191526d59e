// A row of a problem, as the faults of rows see it.
#pragma once

#include <cstdint>
#include <vector>

#include "faults/signatures/row/faulty_row.hpp"
#include "faults/signatures/row/key_row.hpp"
#include "faults/signatures/row/seen_rows.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::faults {

struct RowPlace {
  const Problem& p;
  std::int64_t b, h, i;
  std::int64_t n;    ///< keys that exist
  std::int64_t pos;  ///< of the row among them
  int tile;
  SeenRows& rows;  ///< of the problem

  KeyRow row(std::vector<std::int64_t> keys) const { return key_row(p, b, h, i, std::move(keys)); }
  const KeyRow& row() const { return rows.row(b, h, i); }
  const std::vector<long double>& scores() const { return rows.scores(b, h, i).scores; }
  std::int64_t tile_of(std::int64_t j) const { return j / tile; }
  std::int64_t tiles() const { return (n + tile - 1) / tile; }
  /// Sums are f64, else f32.
  bool wide() const { return p.q.dtype() == DType::f64 || p.k.dtype() == DType::f64; }
};

FaultyRow attention_on(KeyRow row);
FaultyRow all_nan(const RowPlace& at);
std::vector<double> value_of(const RowPlace& at, std::int64_t j);

}  // namespace attest::faults
