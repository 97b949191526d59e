#include "faults/certify_fault.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/certificate.hpp"

namespace attest {
namespace {

// Scores and values of a changed row are doubles: each is off by half an ulp, which moves the result by at
// most this much of the largest value and score.
double rounding_of(const Row& row) {
  double largest = 0;
  for (const double v : row.v) largest = std::max(largest, std::fabs(v));
  double score = 1;
  for (const double s : row.bias) score = std::max(score, std::fabs(s));
  return 0x1p-51 * largest * score;
}

// Worst of two: outside, then within; silent says nothing beside another.
RowStanding joined(RowStanding a, RowStanding b) {
  if (a == RowStanding::outside || b == RowStanding::outside) return RowStanding::outside;
  return a == RowStanding::within ? a : b;
}

RowStanding standing_of(double got, const Known& value, double bound, bool in_range) {
  if (!in_range || !(bound < HUGE_VAL)) return RowStanding::silent;
  bool near = std::fabs((got - value.hi) - value.lo) + value.radius <= bound;
  if (!std::isfinite(value.hi)) near = std::isnan(value.hi) ? std::isnan(got) : got == value.hi;
  return near ? RowStanding::within : RowStanding::outside;
}

struct Bounded {
  RowPrediction prediction;
  RowBound bound;
};

// Around exact attention on the faulty row; around results that are no attention, the row's own bound.
Bounded bounded(const Problem& p, const ContractSet& contract, const FaultyRow& faulty) {
  Bounded made{prediction_of(faulty), {}};
  const std::size_t width = made.prediction.out.size();
  made.bound.out.assign(width, 0);
  made.bound.in_range.assign(width, true);
  if (faulty.row.empty() || !faulty.row.finite) return made;
  const Certificate certificate = certify(p, contract, faulty.row);
  if (faulty.row.keys == 0) {  // 0 exactly, and the sink
    made.bound.lse = certificate.bound.lse;
    return made;
  }
  made.bound = certificate.bound;
  if (faulty.out.empty()) made.prediction.out = certificate.facts.out;
  if (!faulty.lse) made.prediction.lse = certificate.facts.lse;
  const double lost = rounding_of(faulty.row);
  for (double& x : made.bound.out) x -= lost;
  made.bound.lse -= lost;
  return made;
}

}  // namespace

RowStanding standing_under(const Evidence& e, const ContractSet& contract,
                           const std::optional<Problem>& changed, const Hypothesis& hypothesis,
                           const Witness& at) {
  const Problem& p = e.problem;
  std::optional<FaultyRow> faulty = row_under(p, changed, hypothesis, at.b, at.h, at.i);
  if (!faulty) faulty = FaultyRow{gather_row(p, at.b, at.h, at.i), {}, {}};
  const Bounded b = bounded(p, contract, *faulty);
  if (!b.bound.scores_in_range) return RowStanding::silent;
  RowStanding standing = RowStanding::silent;
  for (std::size_t c = 0; c < b.prediction.out.size(); ++c) {
    const double got = e.result.out.at({at.b, at.h, at.i, static_cast<std::int64_t>(c)});
    standing = joined(standing, standing_of(got, b.prediction.out[c], b.bound.out[c], b.bound.in_range[c]));
  }
  if (!e.result.lse || !b.prediction.lse_known) return standing;
  const double lse = e.result.lse->at({at.b, at.h, at.i});
  return joined(standing, standing_of(lse, b.prediction.lse, b.bound.lse, b.bound.lse_in_range));
}

}  // namespace attest
