// Judging a sample of a problem's query rows, and what that says of the others.
#pragma once

#include <cstdint>
#include <vector>

#include "oracle/sample/output_scan.hpp"
#include "problem/problem.hpp"

namespace attest::oracle {

struct RowSample {
  std::int64_t rows = 0;   ///< how many are judged, at least 1; all where the problem has no more
  std::uint64_t seed = 1;  ///< the rows are a function of it, of their number and of the problem's lengths
};

/// How many of a problem's rows (batch * q_heads * q_len) were judged.
struct RowCoverage {
  std::int64_t total = 0;
  std::int64_t judged = 0;
  std::int64_t fixed = 0;  ///< of the judged, those chosen by their place or by what they hold; the others
                           ///< were drawn uniformly, without replacement, from the total - fixed rest
  std::int64_t suspicious = 0;  ///< rows that a scan of the outputs found and that were not judged

  bool all() const { return judged == total; }
  /// The probability that a judged row is among the `faulty` ones, for the set of so many rows that is
  /// hardest to hit (one that avoids the fixed rows): 1 - C(N - faulty, m) / C(N, m) with N = total - fixed,
  /// m = judged - fixed. To about 1e-12.
  double probability_of_seeing(std::int64_t faulty) const;
  /// The least number of faulty rows that is seen with at least this probability, 0 < probability <= 1.
  std::int64_t least_seen(double probability) const;
};

/// Rows of one head, ascending.
struct HeadRows {
  std::int64_t b = 0, h = 0;
  std::vector<std::int64_t> rows;
};

struct RowSelection {
  RowCoverage coverage;
  std::vector<HeadRows> heads;  ///< in the order of the outputs; heads without a row are left out
};

/// Stratified by place, because a fault of few rows is seldom hit by chance. Fixed, as far as half of the
/// sample holds them: of each head (in random order of the heads) the last row, which sees most keys and ends
/// the last tile, and the first, which sees fewest or none; in one random head each, the rows at 2^k - 1 and
/// 2^k (k >= 4), and those that see 2^k and 2^k + 1 keys under causality: there the second tile begins,
/// whatever its size, kernels change their algorithm, and narrow counts end. Faults at every edge of a tile
/// touch many rows; those are for the uniform rest.
RowSelection select_rows(const Problem& problem, const RowSample& sample);
/// The same and up to `most` further rows of the scan: first those that are not finite, evenly spread where
/// there are more.
RowSelection select_rows(const Problem& problem, const RowSample& sample, const OutputScan& scan,
                         std::int64_t most);

}  // namespace attest::oracle
