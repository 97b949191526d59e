// What some fields of a contract mean for the noise of a row's keys.
#pragma once

#include "oracle/contract/contract.hpp"
#include "oracle/definition/row.hpp"
#include "oracle/noise/noise_keys.hpp"

namespace attest::oracle {

/// Relative error of P's cast at a weight p > 0. By chance a number goes a whole unit astray.
double probability_error(const Contract& contract, double p);

/// Relative error of a weight from one exponential, at the weight exp(s_j - s_max). Needs `lag` and `above`.
double exponential_error(const Contract& contract, const NoiseKeys& keys, double weight);

/// Sets how far the shift lies above the scores, and how far ALiBi by position has moved them. Needs
/// `largest`.
void set_shift(const Contract& contract, const Row& row, NoiseKeys& keys);

}  // namespace attest::oracle
