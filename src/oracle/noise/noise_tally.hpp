// A kernel's errors on one problem, in units of the noise model.
#pragma once

#include <cstdint>
#include <optional>

#include "oracle/contract/contract.hpp"
#include "oracle/sample/row_sample.hpp"
#include "problem/problem.hpp"

namespace attest::oracle {

/// One error in sigmas, that is beyond the model's offset and divided by sqrt(variance).
struct Deviation {
  std::int64_t b = 0, h = 0, i = 0, channel = 0;  ///< channel -1: the row's lse
  double got = 0, expected = 0;
  double sigmas = 0;
};

/// Errors with a sign, added up, each in units of sqrt(variance + (what it may lean)^2), so that no error
/// that may lean far outweighs the others.
struct SignedSum {
  std::int64_t count = 0;
  double sum = 0;
  double allowed = 0;  ///< what errors of kernels that keep the contract may add up to by leaning to one side
  void add(double error, double leaning = 0) {
    ++count;
    sum += error;
    allowed += leaning;
  }
};

struct NoiseTally {
  std::int64_t outputs = 0;          ///< elements of out and lse that were measured
  std::optional<Deviation> largest;  ///< the first of the largest
  double squares = 0;                ///< sum of sigmas^2
  SignedSum out;                     ///< errors of out
  SignedSum outward;                 ///< the same, counted positive away from zero
  SignedSum lse;                     ///< errors of lse
};

/// Measures the elements of a sample of rows that are within a certificate that says something (the others
/// prove more, or nothing), each against a reference that is sharper than a tenth of a sigma. Preconditions
/// as for judge().
NoiseTally measure_noise(const Problem& problem, const Result& result, const ContractSet& contract,
                         const RowSample& sample);

}  // namespace attest::oracle
