#include "faults/signatures/row/row_rounding.hpp"

#include <algorithm>
#include <cmath>

#include "faults/signatures/row/key_row.hpp"

namespace attest::faults {
namespace {

constexpr double kEvaluation = 1 + 0x1p-20;  // covers the roundings made here

struct Weights {
  std::vector<double> p;      // [keys], the sink counted in their sum
  std::vector<double> error;  // [keys], relative
  double sink_p = 0, sink_error = 0;
  double pooled = 0;  // sum p_j error_j
};

Weights weights_of(const oracle::Row& row, const RowRounding& rounding) {
  const std::vector<long double> scores = scores_of(row);
  long double top = *std::max_element(scores.begin(), scores.end());
  if (row.sink) top = std::max(top, static_cast<long double>(*row.sink));
  long double sum = row.sink ? std::exp(static_cast<long double>(*row.sink) - top) : 0;
  for (const long double s : scores) sum += std::exp(s - top);
  Weights w;
  for (std::size_t j = 0; j < scores.size(); ++j) {
    w.p.push_back(static_cast<double>(std::exp(scores[j] - top) / sum));
    w.error.push_back(rounding.score.empty() ? 0 : std::expm1(rounding.score[j]));
    w.pooled += w.p.back() * w.error.back();
  }
  if (!row.sink) return w;
  w.sink_p = static_cast<double>(std::exp(static_cast<long double>(*row.sink) - top) / sum);
  w.sink_error = std::expm1(rounding.sink);
  w.pooled += w.sink_p * w.sink_error;
  return w;
}

}  // namespace

RowDoubt doubt_of(const oracle::Row& row, const RowRounding& rounding) {
  const auto width = static_cast<std::size_t>(row.v_dim);
  RowDoubt doubt{std::vector<double>(width, 0), 0};
  if (rounding.none()) return doubt;
  const Weights w = weights_of(row, rounding);
  if (!(w.pooled < 0.5)) return {std::vector<double>(width, HUGE_VAL), HUGE_VAL};
  for (std::size_t c = 0; c < width; ++c) {
    double o = 0;
    for (std::size_t j = 0; j < w.p.size(); ++j) o += w.p[j] * row.v[j * width + c];
    double moved = w.sink_p * w.sink_error * std::fabs(o);
    for (std::size_t j = 0; j < w.p.size(); ++j) {
      const double v = row.v[j * width + c];
      moved += w.p[j] * (w.error[j] * std::fabs(v - o) + rounding.value * (1 + w.error[j]) * std::fabs(v));
    }
    doubt.out[c] = kEvaluation * moved / (1 - w.pooled);
  }
  doubt.lse = kEvaluation * w.pooled / (1 - w.pooled);
  return doubt;
}

}  // namespace attest::faults
