#include "faults/diagnosis/row_variance.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/noise/noise.hpp"

namespace attest::faults {
namespace {

constexpr double kLeast = 1e-300;  // a variance to divide by

double usable(double variance) { return std::isfinite(variance) ? std::max(variance, kLeast) : 1 / kLeast; }

}  // namespace

RowVariance row_variance(const oracle::ContractSet& contract, const oracle::Row& row, DType out, DType lse) {
  const oracle::RowNoise noise = oracle::noise_of(contract, row, out, lse);
  RowVariance variance;
  for (const oracle::Noise& n : noise.out) variance.out.push_back(usable(n.power()));
  variance.lse = usable(noise.lse.power());
  return variance;
}

}  // namespace attest::faults
