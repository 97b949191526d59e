// What a row's sums lose with a known sign: flushed and underflowing terms, and what truncation takes off.
#pragma once

#include <cstddef>
#include <vector>

#include "oracle/bound/bound_terms.hpp"
#include "oracle/contract/contract.hpp"
#include "oracle/definition/row.hpp"
#include "oracle/noise/noise_keys.hpp"

namespace attest::oracle {

/// Losses of one channel, as offsets. The arguments of the constructor must outlive this.
class Losses {
 public:
  Losses(const Contract& contract, const Row& row, const NoiseKeys& keys, const BoundTerms& terms, DType out)
      : c_(contract), row_(row), keys_(keys), terms_(terms), out_(format_of(out)) {}

  /// Weights, values and products that are flushed or round to 0, and what truncating P takes off. `v`: the
  /// keys' values; `x`: p_j (v_j - o); `product`: p_j v_j, less the centre where values are centred.
  double of_sums(const std::vector<double>& v, const std::vector<double>& x,
                 const std::vector<double>& product) const;

  /// What truncating sums and outputs takes off an output `o`, at most; `squares`: sum product^2.
  double of_truncation(double o, double squares) const;

 private:
  bool stored_as_zero(std::size_t j) const;

  const Contract& c_;
  const Row& row_;
  const NoiseKeys& keys_;
  const BoundTerms& terms_;
  const Format& out_;
};

}  // namespace attest::oracle
