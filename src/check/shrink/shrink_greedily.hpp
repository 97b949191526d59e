// Greedy shrinking.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include <rapidcheck/Shrinkable.h>

#include "problem/problem.hpp"

namespace attest::check {

struct ShrinkLimits {
  /// Total cost of the problems tried. One problem costs 1, plus 1 for every 10^5 of its rows * keys *
  /// (qk_dim + v_dim).
  double cost = 2000;
  /// a fallback; if it ends the shrinking, the result depends on the machine
  std::chrono::milliseconds time{20'000};
};

struct ShrinkResult {
  Problem smallest;
  std::int64_t accepted = 0;  ///< steps taken
  std::int64_t attempts = 0;  ///< problems tried
  bool ended = false;         ///< true: no shrink of the smallest fails; false: a limit was reached
};

/// Takes the first shrink that still fails, repeatedly, until none does or a limit is reached. `fails` is not
/// called for the start, which is assumed to fail.
ShrinkResult shrink_greedily(const rc::Shrinkable<Problem>& start,
                             const std::function<bool(const Problem&)>& fails, const ShrinkLimits& limits);

}  // namespace attest::check
