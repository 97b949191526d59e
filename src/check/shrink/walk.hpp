// The greedy walk down a tree of shrinks.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include <rapidcheck/Shrinkable.h>

#include "problem/problem.hpp"

namespace attest {

struct WalkLimits {
  /// Trying a problem costs 1, and 1 more for every 10^5 of its rows * keys * (qk_dim + v_dim).
  double cost = 2000;
  std::chrono::milliseconds time{20'000};  ///< a fallback: a walk that it ends depends on the machine
};

struct Walk {
  Problem smallest;
  std::int64_t accepted = 0;  ///< steps taken
  std::int64_t attempts = 0;  ///< problems tried
  bool ended = false;         ///< no shrink of the smallest fails; else a limit was reached
};

/// Takes the first shrink that still fails, again and again, until none does or a limit is reached.
/// `fails` is not asked about the start, which is taken to fail.
Walk walk_down(const rc::Shrinkable<Problem>& start, const std::function<bool(const Problem&)>& fails,
               const WalkLimits& limits);

}  // namespace attest
