// How far rounding usually leads: a model of a correct kernel's errors as noise.
//
// The certified bound allows for the worst that roundings can do together; they hardly ever do. Under the
// model of docs/bound-derivation.md 15 (a model, not a theorem), an error of a correct kernel is
// |error| <= offset + x, where P(x > t sqrt(variance)) <= 2 exp(-t^2/2). The mean of many errors, each with
// its sign, is at most offset + lean, however many there are.
#pragma once

#include <vector>

#include "oracle/contract/contract.hpp"
#include "oracle/definition/row.hpp"

namespace attest::oracle {

struct Noise {
  double variance = 0;  ///< a proxy: what is measured on kernels is about a tenth to a third of it
  double offset = 0;    ///< what may have the same sign everywhere: absorbed terms, flushed weights, what
                        ///< truncation takes off, for lse an exponential that is off to one side
  double lean = 0;      ///< the mean that one-sided functions and constants may have in addition: of out away
                        ///< from zero, of lse in either direction

  /// (|error| - offset) / sqrt(variance), at least 0; infinity for an error where the model has none.
  double sigmas(double error) const;
  /// For weights of a fit, where the offset is one more source of noise.
  double power() const { return variance + offset * offset; }
};

struct RowNoise {
  std::vector<Noise> out;  ///< [v_dim]
  Noise lse;
};

/// The largest noise of the alternatives, for the dtypes that the kernel stores. Precondition: the row is
/// finite and not empty. Takes about 10 ns * keys * v_dim. Evaluated in f64 without care for its own
/// roundings: two digits are enough.
RowNoise noise_of(const ContractSet& contract, const Row& row, DType out, DType lse);

}  // namespace attest::oracle
