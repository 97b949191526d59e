#include "faults/diagnosis/matched_filter.hpp"

#include <algorithm>
#include <cmath>

namespace attest::faults {
namespace {

constexpr double kSpecialMisfit = 1e4;  // of a NaN where a number is predicted: a hundred sigma
// What the predicted value itself may be off by, relative to the signature: a faulty kernel rounds too.
constexpr double kSignatureError = 0x1p-16;
constexpr double kMatched = 16;  // most misfit of a number that is what the fault predicts: four sigma

double minus(double x, const oracle::Known& y) { return (x - y.hi) - y.lo; }

bool same_special(double a, double b) { return (std::isnan(a) && std::isnan(b)) || a == b; }

// Of an element that is right as a NaN or infinity.
double misfit_beside(double got, const oracle::Known& faulty, double variance) {
  if (same_special(got, faulty.hi)) return 0;
  if (!std::isfinite(got) || !std::isfinite(faulty.hi)) return kSpecialMisfit;
  const double r = minus(got, faulty);
  const double error = (faulty.hi + faulty.lo) * kSignatureError;
  return std::min(kSpecialMisfit, r * r / (variance + error * error));
}

}  // namespace

double most_misfit(double got, const oracle::Known& correct, double variance) {
  const double special = same_special(got, correct.hi) ? 0 : kSpecialMisfit;
  if (!std::isfinite(got) || !std::isfinite(correct.hi)) return special;
  const double r = minus(got, correct);
  return std::max(special, r * r / variance);
}

void MatchedFilter::add_special(double got, double correct, const oracle::Known& faulty, double variance) {
  const double misfit = misfit_beside(got, faulty, variance);
  misfit_with_ += misfit;
  if (same_special(got, correct)) return;
  misfit_without_ += kSpecialMisfit;
  if (misfit <= kMatched) ++matched_specials_;
}

void MatchedFilter::add(double got, const oracle::Known& correct, const oracle::Known& faulty,
                        double variance, bool new_row) {
  if (new_row || rows_.empty()) rows_.emplace_back();
  ++elements_;
  if (!std::isfinite(got) || !std::isfinite(correct.hi) || !std::isfinite(faulty.hi)) {
    return add_special(got, correct.hi, faulty, variance);
  }
  const double r = minus(got, correct);
  const double g = minus(faulty.hi, correct) + faulty.lo;
  const double v = variance + g * g * kSignatureError * kSignatureError;
  rows_.back().rg += r * g / v;
  rows_.back().gg += g * g / v;
  misfit_without_ += r * r / variance;
  misfit_with_ += (r - g) * (r - g) / v + std::log(v / variance);
}

double MatchedFilter::alpha() const {
  double rg = 0;
  double gg = 0;
  for (const RowSums& row : rows_) {
    rg += row.rg;
    gg += row.gg;
  }
  return gg == 0 ? 0 : rg / gg;
}

double MatchedFilter::sigma() const {
  const double a = alpha();
  double squares = 0;
  double gg = 0;
  for (const RowSums& row : rows_) {
    const double left = row.rg - a * row.gg;
    squares += left * left;
    gg += row.gg;
  }
  // Two rows do not show their own scatter: healthy rounding is at least 1 / gg.
  return gg == 0 ? 0 : std::sqrt(std::max(squares / gg / gg, 1 / gg));
}

}  // namespace attest::faults
