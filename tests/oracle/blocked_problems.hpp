// Random problems for the tests of the blocked tier: every feature, layout, dtype, and inputs at the edges.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "oracle/bound/bound.hpp"
#include "oracle/contract/contract.hpp"
#include "oracle/definition/row.hpp"
#include "oracle/facts.hpp"
#include "problem/problem.hpp"

namespace attest::oracle {

/// What makes a problem hard for the tier.
enum class Inputs {
  ordinary,
  peaked,  ///< scores spread over a hundred nats: most weights vanish, and a first pass finds the maximum
  near_identical,  ///< values 1000 + 1e-6 randn: only their spread may show in the radius
  heavy_tails,     ///< magnitudes over twenty decades
  tiny,            ///< subnormal in f32 and below
  spread,          ///< scores of standard deviation 0, 1, 4, 16 or 64: from the mean to one key
  ramp,  ///< scores that rise, fall or spike along the keys: the maximum changes in every tile, or never
  very_negative,  ///< scores about -1e5: exp without a shift is 0
  near_overflow,  ///< products near the end of the dtype's range
  bit_patterns,   ///< signed zeros, subnormals, powers of two, the smallest normal number
  huge_values,    ///< values up to Omega / (4 n)
  ties,           ///< three different keys: most scores are equal, the largest as well
  leading_mask,   ///< the first hundred keys are masked: whole tiles and panels
  long_rows,      ///< thousands of keys
};

/// A valid problem of 24 to 80 queries and 64 to 320 keys with random features.
Problem random_problem(std::mt19937_64& random, Inputs inputs);

/// The same with queries, keys and values of f64 that use all of its digits.
Problem in_f64(Problem problem, std::mt19937_64& random);

/// The same without softcap, bias and ALiBi.
Problem without_terms(Problem problem);

/// The largest of the alternatives' bounds of one row: what the row path judges by.
RowBound loosest(const ContractSet& contract, const Row& row, const RowFacts& facts, const Problem& problem);

/// Contracts, each of whose fields moves the bound, that fit problems of q's dtype.
std::vector<std::string> contracts_for_bounds();

}  // namespace attest::oracle
