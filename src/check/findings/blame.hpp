// Finds the law that explains a wrong value that occurs only sometimes.
#pragma once

#include <cstdint>

#include "check/checker/checker.hpp"
#include "check/findings/finding_book.hpp"

namespace attest::check {

/// A wrong value may change from call to call, or come from an earlier call. The laws "repeat" and "history"
/// show which, each evaluated alone, because the calls of other laws count as history too.
///
/// Each evaluation needs several calls or a new process. If a finding already explains the case, evaluations
/// become rarer (by count, so that every run is the same) until one of the two laws explained a case; then
/// always.
class Blame {
 public:
  Blame(Checker& checker, FindingBook& book) : checker_(checker), book_(book) {}

  /// Sets checked.blamed if one of the two laws explains the case. Precondition: `checked` has a broken law.
  void settle(const Problem& problem, CheckedProblem& checked, kernel::Placement placement);

 private:
  bool blames(const laws::Law& law, const Problem& problem, CheckedProblem& checked,
              kernel::Placement placement);
  bool wrong_by_itself(const Problem& problem, kernel::Placement placement);

  Checker& checker_;
  FindingBook& book_;
  std::uint64_t known_ = 0;  ///< cases that a finding explained already
  std::int64_t repeats_to_blame_ = 0, histories_to_blame_ = 0;
};

}  // namespace attest::check
