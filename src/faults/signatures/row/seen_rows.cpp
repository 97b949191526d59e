#include "faults/signatures/row/seen_rows.hpp"

#include <utility>

#include "oracle/definition/visible.hpp"

namespace attest::faults {

const KeyRow& SeenRows::row(std::int64_t b, std::int64_t h, std::int64_t i) {
  const auto known = rows_.find({b, h, i});
  if (known != rows_.end()) return known->second;
  return rows_.emplace(At{b, h, i}, key_row(p_, b, h, i, oracle::visible_keys(p_, b, h, i))).first->second;
}

const SeenRows::Scores& SeenRows::scores(std::int64_t b, std::int64_t h, std::int64_t i) {
  const auto known = scores_.find({b, h, i});
  if (known != scores_.end()) return known->second;
  const auto of = [](const KeyRow& row) { return Scores{row.keys, scores_of(row.row)}; };
  const auto kept = rows_.find({b, h, i});
  Scores made =
      kept != rows_.end() ? of(kept->second) : of(key_row(p_, b, h, i, oracle::visible_keys(p_, b, h, i)));
  return scores_.emplace(At{b, h, i}, std::move(made)).first->second;
}

}  // namespace attest::faults
