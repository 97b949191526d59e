#include "oracle/noise/noise_losses.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/bound/bound.hpp"
#include "oracle/noise/noise_scores.hpp"

namespace attest::oracle {
namespace {

bool directed(const Cast& cast) { return cast && cast.rounding != Rounding::nearest_even; }

}  // namespace

double Losses::of_sums(const std::vector<double>& v, const std::vector<double>& x,
                       const std::vector<double>& product) const {
  const Format& sums = c_.numerator.format;
  const bool gradual = c_.underflow == Underflow::gradual;
  const double least = gradual ? sums.min_subnormal() / 2 : sums.min_normal();
  const double computed = std::exp(-keys_.above);  // of a weight of 1
  double weights = 0;
  double values = 0;
  double products = 0;
  double stores = 0;
  for (std::size_t j = 0; j < keys_.n; ++j) {
    if (keys_.flushed[j]) weights += x[j];
    if (std::fabs(v[j]) < flushed_below(c_, row_.kv_normal)) values += keys_.probability[j] * v[j];
    if (std::fabs(product[j]) * keys_.sum * computed < least) products += product[j];
    const double stored = c_.denominator_sums_rounded ? x[j] : product[j];
    if (directed(c_.probability))
      stores += stored * keys_.store_error[j];
    else if (stored_as_zero(j))
      stores += stored;
  }
  return std::fabs(weights) + std::fabs(values) + std::fabs(products) + std::fabs(stores);
}

bool Losses::stored_as_zero(std::size_t j) const {
  if (!c_.probability) return false;
  const double weight = c_.unfused ? keys_.probability[j] : keys_.weight[j] * std::exp(-keys_.above);
  const double p = c_.probability_scale * weight;
  const Format& format = *c_.probability.format;
  return p < (c_.underflow == Underflow::gradual ? format.min_subnormal() / 2 : format.min_normal());
}

double Losses::of_truncation(double o, double squares) const {
  const double u = c_.numerator.unit_roundoff();
  double cut = 0;
  if (truncates(c_.numerator)) cut += terms_.h_n * u * std::sqrt(std::max(o * o, squares));
  if (truncates(c_.numerator) || truncates(c_.denominator))
    cut += (c_.reciprocal ? 2 : 1) * std::max(u, c_.denominator.unit_roundoff()) * std::fabs(o);
  if (c_.output.rounding != Rounding::nearest_even)
    cut += (c_.output.unit_roundoff() + out_.unit_roundoff(c_.output.rounding)) * std::fabs(o);
  return cut;
}

}  // namespace attest::oracle
