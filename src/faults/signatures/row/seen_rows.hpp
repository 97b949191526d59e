// Rows of a problem and their scores, made once for all hypotheses that are asked about them.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "faults/signatures/row/key_row.hpp"

namespace attest::faults {

class SeenRows {
 public:
  /// The problem must outlive it.
  explicit SeenRows(const Problem& problem) : p_(problem) {}

  const Problem& problem() const { return p_; }
  /// With the keys that it sees.
  const KeyRow& row(std::int64_t b, std::int64_t h, std::int64_t i);

  struct Scores {
    std::vector<std::int64_t> keys;   ///< as in KeyRow
    std::vector<long double> scores;  ///< scores_of
  };
  /// Of a row that need not be kept itself: what depends on a group of rows looks at many.
  const Scores& scores(std::int64_t b, std::int64_t h, std::int64_t i);

 private:
  using At = std::array<std::int64_t, 3>;

  const Problem& p_;
  std::map<At, KeyRow> rows_;
  std::map<At, Scores> scores_;
};

}  // namespace attest::faults
