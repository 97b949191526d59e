#include "bound_attack/search/hull_ratio.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/tiers/certificate.hpp"
#include "oracle/tiers/references.hpp"

namespace attest::attack {
namespace {

double beyond(const oracle::ValueRange& values, double got) {
  if (!std::isfinite(got)) return HUGE_VAL;
  return std::max({0.0, got - values.high, values.low - got});
}

}  // namespace

void HullRatio::merge(const HullRatio& other) {
  outputs += other.outputs;
  largest = std::max(largest, other.largest);
}

HullRatio hull_ratio(const Problem& p, const Result& result, const oracle::ContractSet& contract) {
  HullRatio ratio;
  const std::int64_t rows = p.batch() * p.q_heads() * p.q_len();
  for (std::int64_t at = 0; at < rows; ++at) {
    const std::int64_t i = at % p.q_len();
    const std::int64_t h = at / p.q_len() % p.q_heads();
    const std::int64_t b = at / p.q_len() / p.q_heads();
    const oracle::Row row = oracle::gather_row(p, b, h, i);
    if (row.keys == 0 || !row.finite) continue;
    const std::vector<oracle::ValueRange> ranges = oracle::value_ranges(row);
    const oracle::RowFacts facts = oracle::reference_f64(row);
    std::vector<double> hull(ranges.size(), 0);
    bool in_range = true;
    for (const oracle::Contract& alternative : contract.alternatives) {
      const oracle::RowBound bound = oracle::bound_of(alternative, row, facts, p.q.dtype(), p.lse_dtype());
      in_range = in_range && bound.scores_in_range;
      for (std::size_t c = 0; c < hull.size(); ++c) hull[c] = std::max(hull[c], bound.hull[c]);
    }
    for (std::size_t c = 0; in_range && c < hull.size(); ++c) {
      if (!(hull[c] < HUGE_VAL)) continue;
      const double got = result.out.at({b, h, i, static_cast<std::int64_t>(c)});
      ratio.merge({1, beyond(ranges[c], got) / hull[c]});
    }
  }
  return ratio;
}

}  // namespace attest::attack
