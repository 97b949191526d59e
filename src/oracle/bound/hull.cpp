#include "oracle/bound/hull.hpp"

#include <algorithm>
#include <cmath>

namespace attest::oracle {
namespace {

constexpr double kSlack = 1 + 0x1p-50;  // covers a few roundings of f64

}  // namespace

double ValueRange::largest() const { return std::max(std::fabs(low), std::fabs(high)); }

double ValueRange::reach(const Known& o, double got) const {
  const bool above = !(got < o.hi + o.lo);
  const double gap = above ? high - o.hi : o.hi - low;
  const double side = above ? gap - o.lo : gap + o.lo;
  return (std::max(side, 0.0) + 0x1p-52 * (std::fabs(gap) + std::fabs(o.lo))) * kSlack;
}

std::vector<ValueRange> value_ranges(const Row& row) {
  const auto v_dim = static_cast<std::size_t>(row.v_dim);
  std::vector<ValueRange> ranges(v_dim);
  if (row.keys == 0) return ranges;
  if (!row.sink) {
    for (std::size_t c = 0; c < v_dim; ++c) ranges[c] = {row.v[c], row.v[c]};
  }
  for (std::size_t j = 0; j < static_cast<std::size_t>(row.keys); ++j) {
    for (std::size_t c = 0; c < v_dim; ++c) {
      const double v = row.v[j * v_dim + c];
      ranges[c].low = std::min(ranges[c].low, v);
      ranges[c].high = std::max(ranges[c].high, v);
    }
  }
  return ranges;
}

void narrow_to_hull(const std::vector<ValueRange>& ranges, RowFacts& facts) {
  for (std::size_t c = 0; c < facts.out.size(); ++c) {
    const ValueRange& range = ranges[c];
    if (range.low == range.high) {
      facts.out[c] = {range.low, 0, 0};
      continue;
    }
    if (facts.out[c].radius <= range.high - range.low) continue;
    const double middle = range.low / 2 + range.high / 2;
    const double half = std::max(range.high - middle, middle - range.low);
    facts.out[c] = {middle, 0, half * kSlack};
  }
}

HullBound::HullBound(const BoundTerms& terms, DType out)
    : terms_(hull_terms(terms)), line_(channel_line(terms_, last_roundings(terms_, out))) {}

double HullBound::out(const ValueRange& values, double sum_abs_v, double flushed) const {
  // Less a mean, at most twice the largest.
  const double largest = values.largest() * (1 + largest_centre(terms_));
  const double weighted = (terms_.mu + terms_.nu) * largest + (1 + terms_.mu) * flushed;
  const double beyond = line_.bound({weighted, sum_abs_v, largest, largest});
  if (!(largest < line_.value_limit)) return HUGE_VAL;
  const double output = largest + beyond;
  return output < line_.output_limit ? beyond : HUGE_VAL;
}

// lse = m + ln D, and both lie in an interval that the scores' errors widen by abar only.
double HullBound::lse(const Known& lse, DType stored) const {
  const BoundTerms& t = terms_;
  const Contract& c = t.c;
  if (!t.denominator_in_range) return HUGE_VAL;
  const double score_roundings = growth_of(std::max(c.score.unit_roundoff(), t.u_d), shift_roundings(c));
  double error = t.row.abar + t.tau + t.above + t.kappa + 2 * t.log_denominator + std::log(t.row.n) +
                 c.log.relative * t.log_denominator + c.log.absolute +
                 score_roundings * (t.row.max_abs_score + t.row.moved + t.row.abar + t.tau + t.above);
  if (c.splits > 1) error += 2 * std::log1p(t.combine) + std::log(c.splits);
  return rounded_lse(t, error, lse, stored);
}

}  // namespace attest::oracle
