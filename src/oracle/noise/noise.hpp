// How far rounding usually leads: a model of a correct kernel's errors as independent noise.
//
// The certified bound allows for the worst that roundings can do together; they hardly ever do. Under the
// model of docs/bound-derivation.md 15 (a model, not a theorem), an error of a correct kernel is
// |error| <= offset + x, where x is a sum of independent parts of mean 0, each within its own range; the
// squares of the ranges add up to `variance`, so that by Hoeffding P(x > t sqrt(variance)) <= 2 exp(-t^2/2).
#pragma once

#include <string>
#include <vector>

#include "oracle/contract/contract.hpp"
#include "oracle/definition/row.hpp"

namespace attest::oracle {

struct Noise {
  double variance = 0;  ///< a proxy: what is measured on kernels is about a tenth to a third of it
  double offset = 0;    ///< what may have the same sign everywhere: absorbed terms, flushed weights, an
                        ///< exponential or logarithm that is off to one side

  /// (|error| - offset) / sqrt(variance), at least 0; infinity for an error where the model has none.
  double sigmas(double error) const;
  /// For weights of a fit, where the offset is one more source of noise.
  double power() const { return variance + offset * offset; }
};

struct RowNoise {
  std::vector<Noise> out;  ///< [v_dim]
  Noise lse;
};

/// Empty when the model speaks about kernels that keep the contract, else why it does not: errors of
/// truncation (toward zero, or of aligned addends in block-FMA units) have one sign.
std::string why_no_noise(const ContractSet& contract);

/// The largest noise of the alternatives, for the dtypes that the kernel stores. Preconditions: the row is
/// finite and not empty; why_no_noise is empty. Takes about 10 ns * keys * v_dim. Evaluated in f64 without
/// care for its own roundings: two digits are enough.
RowNoise noise_of(const ContractSet& contract, const Row& row, DType out, DType lse);

}  // namespace attest::oracle
