// Random problems for the tests of the blocked tier: every feature, layout, dtype, and inputs at the edges.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "problem/problem.hpp"

namespace attest {

/// What makes a problem hard for the tier.
enum class Inputs {
  ordinary,
  peaked,  ///< scores spread over a hundred nats: most weights vanish, and a first pass finds the maximum
  near_identical,  ///< values 1000 + 1e-6 randn: only their spread may show in the radius
  heavy_tails,     ///< magnitudes over twenty decades
  tiny,            ///< subnormal in f32 and below
};

/// A valid problem of 24 to 80 queries and 64 to 320 keys with random features.
Problem random_problem(std::mt19937_64& random, Inputs inputs);

/// Contracts, each of whose fields moves the bound, that fit problems of q's dtype.
std::vector<std::string> contracts_for_bounds();

}  // namespace attest
