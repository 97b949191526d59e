// How near a kernel's outputs come to the end of the hull's bound, which no judgement shows where the sharper
// bound decides.
#pragma once

#include <cstdint>

#include "oracle/contract/contract.hpp"
#include "problem/problem.hpp"

namespace attest::attack {

struct HullRatio {
  std::int64_t outputs = 0;  ///< that have such a bound
  double largest = 0;  ///< distance beyond the visible values / the bound of it; above 1: the bound is wrong

  void merge(const HullRatio& other);
};

HullRatio hull_ratio(const Problem& problem, const Result& result, const oracle::ContractSet& contract);

}  // namespace attest::attack
