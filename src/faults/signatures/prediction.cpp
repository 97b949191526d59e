#include "faults/signatures/prediction.hpp"

#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "faults/signatures/problem/faulty_problem.hpp"
#include "faults/signatures/row/key_row.hpp"
#include "oracle/bound/hull.hpp"
#include "oracle/tiers/references.hpp"

namespace attest::faults {
namespace {

oracle::Known exactly(double x) { return {x, 0, 0}; }

}  // namespace

RowPrediction prediction_of(const oracle::Row& row) {
  RowPrediction prediction;
  const auto width = static_cast<std::size_t>(row.v_dim);
  if (!row.finite) {
    prediction.out.assign(width, exactly(std::numeric_limits<double>::quiet_NaN()));
    prediction.lse_known = false;
    return prediction;
  }
  if (row.keys == 0) {
    prediction.out.assign(width, exactly(0));
    prediction.lse = exactly(row.sink.value_or(-HUGE_VAL));
    return prediction;
  }
  oracle::RowFacts facts = oracle::reference_f64(row);
  // From scores of about 1e9 on, f64 loses as much as some faults do.
  constexpr double kBlurred = 1e-6;
  if (!(facts.lse.radius < kBlurred)) {
    if (std::optional<oracle::RowFacts> sharp = oracle::reference_double_double(row))
      facts = *std::move(sharp);
  }
  // Where errors of scores leave nothing known of the weights.
  oracle::narrow_to_hull(oracle::value_ranges(row), facts);
  prediction.out = std::move(facts.out);
  prediction.lse = facts.lse;
  return prediction;
}

RowPrediction prediction_of(const FaultyRow& faulty) {
  RowPrediction prediction;
  if (faulty.out.empty() || !faulty.lse) prediction = prediction_of(faulty.row);
  if (!faulty.out.empty()) {
    prediction.out.clear();
    for (const double x : faulty.out) prediction.out.push_back(exactly(x));
  }
  if (faulty.lse) prediction.lse = exactly(*faulty.lse);
  prediction.lse_known = prediction.lse_known && faulty.lse_known;
  prediction.certain = faulty.certain;
  return prediction;
}

std::optional<FaultyRow> row_under(const Problem& problem, const std::optional<Problem>& changed,
                                   const Hypothesis& hypothesis, std::int64_t b, std::int64_t h,
                                   std::int64_t i) {
  if (changed) {
    FaultyRow made{oracle::gather_row(*changed, b, h, i), {}, {}};
    const double error = scale_error(problem, hypothesis);
    if (error == 0) return made;
    for (const long double product : products_of(made.row)) {
      made.rounding.score.push_back(2 * error * std::fabs(made.row.scale * static_cast<double>(product)));
    }
    return made;
  }
  return faulty_row(problem, hypothesis, b, h, i);
}

}  // namespace attest::faults
