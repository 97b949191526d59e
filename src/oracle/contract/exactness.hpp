// When a contract allows no rounding at all, so that a law can require equal bits.
#pragma once

#include <string>

#include "oracle/contract/contract.hpp"

namespace attest::oracle {

/// For rows without a sink whose scores are all exactly 0. Empty if every kernel that keeps the contract
/// gives each key the weight 1 exactly; otherwise the reason why not. exactness.cpp has the derivation.
std::string why_weights_round(const ContractSet& contract);

/// Whether the shift of a row is the maximum of its own scores in every alternative (tau = 0).
bool shifts_are_own(const ContractSet& contract);

/// Whether every kernel that keeps the contract carries the integer-valued sum through its numerator, partial
/// results and output unchanged. `magnitude` is the sum of the absolute values added: no partial sum in any
/// order exceeds it.
bool sum_is_exact(const ContractSet& contract, double magnitude);

/// Whether an alternative subtracts a mean of the row's values from them, so that each value has a part in
/// every result, whatever its weight.
bool centres_values(const ContractSet& contract);

/// Whether the denominator can count to n without rounding.
bool count_is_exact(const ContractSet& contract, double n);

/// Whether an element of q and one of k are numbers after their conversions.
bool operands_stay_finite(const ContractSet& contract, double query, double key);

/// Whether a value is the same after its conversion.
bool conversion_is_exact(const ContractSet& contract, double value);

/// Whether x passes unchanged through numerator, partial results and output of dtype `out`.
bool value_is_exact(const ContractSet& contract, double x, DType out);

/// Whether a score more than 1024 below the row's maximum gives its key no part in the result: its weight is
/// 0, or `n` of them with values in [0, largest] leave sums of numbers of at least 1 as they are.
bool far_keys_vanish(const ContractSet& contract, double n, double largest);

/// Whether every kernel that keeps the contract computes a score below -1024 where it is `score` exactly and
/// |scale| sum |q k| over qk_dim channels is `magnitude`.
bool surely_far_below(const ContractSet& contract, double score, double magnitude, std::int64_t qk_dim);

/// Whether 1/n, for n a power of two, is a probability that every alternative stores unchanged.
bool share_is_exact(const ContractSet& contract, double n);

}  // namespace attest::oracle
