#include "faults/signatures/prediction.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "faults/signatures/problem/faulty_problem.hpp"
#include "faults/signatures/row/key_row.hpp"
#include "faults/signatures/row/seen_rows.hpp"
#include "oracle/bound/hull.hpp"
#include "oracle/tiers/references.hpp"

namespace attest::faults {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

oracle::Known exactly(double x) { return {x, 0, 0}; }

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

RowPrediction prediction_of_nan(const oracle::Row& row) {
  if (const std::optional<FiniteValues> finite = with_finite_values(row)) {
    RowPrediction prediction = prediction_of(finite->row);
    for (std::size_t c = 0; c < prediction.out.size(); ++c) {
      if (finite->lost[c]) prediction.out[c] = exactly(kNaN);
    }
    return prediction;
  }
  RowPrediction prediction;
  prediction.out.assign(static_cast<std::size_t>(row.v_dim), exactly(kNaN));
  prediction.lse_known = false;
  return prediction;
}

}  // namespace

std::optional<FiniteValues> with_finite_values(const oracle::Row& row) {
  if (!all_finite(row.q) || !all_finite(row.k)) return std::nullopt;
  const auto width = static_cast<std::size_t>(row.v_dim);
  FiniteValues made{row, std::vector<bool>(width, false)};
  for (std::size_t at = 0; at < row.v.size(); ++at) {
    if (std::isfinite(row.v[at])) continue;
    made.row.v[at] = 0;
    made.lost[at % width] = true;
  }
  made.row.finite = true;
  return made;
}

RowPrediction prediction_of(const oracle::Row& row) {
  if (!row.finite) return prediction_of_nan(row);
  RowPrediction prediction;
  const auto width = static_cast<std::size_t>(row.v_dim);
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

std::optional<FaultyRow> row_under(SeenRows& rows, const std::optional<Problem>& changed,
                                   const Hypothesis& hypothesis, std::int64_t b, std::int64_t h,
                                   std::int64_t i) {
  if (changed) {
    FaultyRow made{oracle::gather_row(*changed, b, h, i), {}, {}};
    const double error = scale_error(rows.problem(), hypothesis);
    if (error == 0) return made;
    for (const long double product : products_of(made.row)) {
      made.rounding.score.push_back(2 * error * std::fabs(made.row.scale * static_cast<double>(product)));
    }
    return made;
  }
  return faulty_row(rows, hypothesis, b, h, i);
}

}  // namespace attest::faults
