// Visibility, bias and ALiBi of the rows that go through a tile.
#pragma once

#include <cstdint>

#include "oracle/definition/visible.hpp"
#include "problem/problem.hpp"

namespace attest::oracle::blocked {

/// What of a row's scores is known before a single one is computed.
struct RowTerms {
  KeyRange range;            ///< all visible keys lie in it
  std::int64_t visible = 0;  ///< how many are
  double position = 0;
  double bias_abs = 0;     ///< largest |bias| of a visible key
  double bias_above = 0;   ///< largest bias of a visible key, at least 0
  double alibi_abs = 0;    ///< largest |slope distance|, from above
  double alibi_above = 0;  ///< largest -slope distance, at least 0
  double distance = 0;     ///< largest
};

class ScoreTerms {
 public:
  ScoreTerms(const Problem& problem, std::int64_t b, std::int64_t h);

  RowTerms row(std::int64_t i) const;
  /// Whether scores get anything added.
  bool any() const { return problem_.bias.has_value() || problem_.alibi_slopes.has_value(); }

  /// Completes s[0, n), the scores of row i and keys [begin, begin + n): adds bias and ALiBi, sets invisible
  /// keys to `invisible`. Where any(), terms[0, n) becomes |bias| + |slope distance|, 0 for invisible keys.
  void apply(std::int64_t i, const RowTerms& row, std::int64_t begin, std::int64_t n, double invisible,
             double* s, double* terms) const;

  /// The exact terms of keys [begin, begin + n) of row i: bias[0, n), -infinity for invisible keys, and with
  /// ALiBi distance[0, n).
  void exact(std::int64_t i, const RowTerms& row, std::int64_t begin, std::int64_t n, double* bias,
             double* distance) const;

 private:
  const Problem& problem_;
  std::int64_t b_, h_;
  double slope_ = 0;
};

}  // namespace attest::oracle::blocked
