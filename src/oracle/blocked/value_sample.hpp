// A few of the values that a row sees.
#pragma once

#include <cstdint>
#include <vector>

#include "oracle/definition/visible.hpp"
#include "problem/problem.hpp"

namespace attest::oracle::blocked {

/// Reads up to 16 visible keys' values, spread over the row's range, once it is asked. The row path calls a
/// bound informative below a limit that only grows with more keys, so the limit of a sample is at most the
/// row's.
class ValueSample {
 public:
  ValueSample(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i, KeyRange range)
      : problem_(problem), b_(b), h_(h), i_(i), range_(range) {}

  /// At most informative_limits()[channel] of the row.
  double limit(std::size_t channel);
  /// The least and the largest value that was read of a channel; low > high where none was.
  double low(std::size_t channel);
  double high(std::size_t channel);

 private:
  void load();

  const Problem& problem_;
  std::int64_t b_, h_, i_;
  KeyRange range_;
  bool loaded_ = false;
  std::vector<double> low_, high_;  // [v_dim]
};

}  // namespace attest::oracle::blocked
