#include "faults/diagnosis/row_variance.hpp"

#include <algorithm>
#include <cmath>

#include "oracle/bound/bound.hpp"
#include "oracle/noise/noise.hpp"
#include "oracle/tiers/references.hpp"

namespace attest::faults {
namespace {

constexpr double kLeast = 1e-300;  // a variance to divide by

double usable(double variance) { return std::isfinite(variance) ? std::max(variance, kLeast) : 1 / kLeast; }

RowVariance from_bound(const oracle::ContractSet& contract, const oracle::Row& row, DType out, DType lse) {
  const oracle::RowFacts facts = oracle::reference_f64(row);
  RowVariance variance{std::vector<double>(static_cast<std::size_t>(row.v_dim), kLeast), kLeast};
  for (const oracle::Contract& alternative : contract.alternatives) {
    const oracle::RowBound bound = oracle::bound_of(alternative, row, facts, out, lse);
    for (std::size_t c = 0; c < variance.out.size(); ++c) {
      variance.out[c] = std::max(variance.out[c], usable(bound.out[c] * bound.out[c]));
    }
    variance.lse = std::max(variance.lse, usable(bound.lse * bound.lse));
  }
  return variance;
}

}  // namespace

RowVariance row_variance(const oracle::ContractSet& contract, const oracle::Row& row, DType out, DType lse) {
  if (!oracle::why_no_noise(contract).empty()) return from_bound(contract, row, out, lse);
  const oracle::RowNoise noise = oracle::noise_of(contract, row, out, lse);
  RowVariance variance;
  for (const oracle::Noise& n : noise.out) variance.out.push_back(usable(n.power()));
  variance.lse = usable(noise.lse.power());
  return variance;
}

}  // namespace attest::faults
