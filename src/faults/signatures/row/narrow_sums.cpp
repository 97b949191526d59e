#include "faults/signatures/row/narrow_sums.hpp"

#include <algorithm>
#include <cmath>

#include "problem/dtype.hpp"

namespace attest::faults {

std::optional<FaultyRow> with_narrow_sums(const KeyRow& seen, const std::vector<long double>& scores,
                                          const Hypothesis& hypothesis) {
  const oracle::Row& row = seen.row;
  if (seen.size() == 0) return std::nullopt;
  const DType narrow = hypothesis.fault == KernelFault::accumulate_f16 ? DType::f16 : DType::bf16;
  const auto rounded = [&](double x) { return representable(narrow, x); };
  const auto width = static_cast<std::size_t>(row.v_dim);
  double m = -HUGE_VAL;
  double l = 0;
  std::vector<double> acc(width, 0);
  for (std::size_t first = 0; first < seen.size();) {
    std::size_t end = first;
    double highest = m;
    for (; end < seen.size() && seen.keys[end] / hypothesis.tile == seen.keys[first] / hypothesis.tile;
         ++end) {
      highest = std::max(highest, static_cast<double>(scores[end]));
    }
    if (highest > m && m != -HUGE_VAL) {
      const double factor = std::exp(m - highest);
      l = rounded(l * factor);
      for (double& x : acc) x = rounded(x * factor);
    }
    m = highest;
    for (; first < end; ++first) {
      const double weight = std::exp(static_cast<double>(scores[first]) - m);
      l = rounded(l + weight);
      for (std::size_t c = 0; c < width; ++c) acc[c] = rounded(acc[c] + weight * row.v[first * width + c]);
    }
  }
  FaultyRow made{row, {}, {}};
  const double top = row.sink ? std::max(m, *row.sink) : m;
  const double whole = l * std::exp(m - top) + (row.sink ? std::exp(*row.sink - top) : 0);
  for (const double x : acc) made.out.push_back(x * std::exp(m - top) / whole);
  made.lse = top + std::log(whole);
  return made;
}

}  // namespace attest::faults
