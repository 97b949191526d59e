// How far the errors of kernels that keep a contract may lean to one side: a mean that no averaging removes.
#pragma once

#include "oracle/contract/contract.hpp"
#include "oracle/noise/noise_keys.hpp"

namespace attest::oracle {

/// Of one row. An exponential, a tanh, a truncated score or a rounded constant may be off to the same side in
/// every row; which keys gain by it is fixed by their scores, while their values are independent of these.
struct Leans {
  /// Away from zero, relative to the size of an output: its mean over the values that keys may have.
  double out = 0;
  /// Relative to an output, whatever the values: what all keys gain against a sink.
  double sink = 0;
  double lse_offset = 0;  ///< of one lse
  double lse = 0;         ///< of the mean of many, in addition to lse_offset
};

Leans leans_of(const Contract& contract, const NoiseKeys& keys, bool sink);

}  // namespace attest::oracle
