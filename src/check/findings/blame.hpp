// Which law explains a wrong value that is one only now and then.
#pragma once

#include <cstdint>

#include "check/checker/checker.hpp"
#include "check/findings/finding_book.hpp"

namespace attest {

/// A wrong value may be a value that changes, or that an earlier call left behind: the laws "repeat" and
/// "history" tell, each asked alone, since the calls of other laws count as history too.
///
/// Each question takes several calls, or a new process. Where a finding explains the case already they are
/// asked ever more rarely, by count and so the same in every run, until one was to blame; then always.
class Blame {
 public:
  Blame(Checker& checker, FindingBook& book) : checker_(checker), book_(book) {}

  /// Precondition: `checked` has a broken law. Notes the law to blame in it, if there is one.
  void settle(const Problem& problem, CheckedProblem& checked, Placement placement);

 private:
  bool blames(const Law& law, const Problem& problem, CheckedProblem& checked, Placement placement);
  bool wrong_by_itself(const Problem& problem, Placement placement);

  Checker& checker_;
  FindingBook& book_;
  std::uint64_t known_ = 0;  ///< cases that a finding explained already
  std::int64_t repeats_to_blame_ = 0, histories_to_blame_ = 0;
};

}  // namespace attest
