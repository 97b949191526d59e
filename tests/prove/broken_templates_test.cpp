// Break the recurrence, and the right theorems fail, and only those: the rescale dropped, the max replaced by
// its first argument, the guard removed.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "prove/prove.hpp"
#include "theorems.hpp"

namespace attest::prove {
namespace {

using Names = std::set<std::string>;

// Theorems about every part of the recurrence, quick in any of these semantics.
const Names& watched() {
  static const Names names{"block-represents",      "merge-adds-sums",    "absorb-adds-sums",
                           "lazy-adds-sums",        "merge-commutes",     "merge-identity",
                           "finalize-is-mean",      "lse-merge",          "masked-fill",
                           "empty-split",           "divide-once",        "affine-chain",
                           "guarded-is-recurrence", "flip-book-attention"};
  return names;
}

// That some goal has a counterexample, which fails on numbers too.
bool fails(const Theorem& theorem, semantics::ArithmeticFault fault) {
  const Statement broken = theorem.with_fault(fault);
  const Obligation obligation = broken.obligation();
  for (const Goal& goal : obligation.goals) {
    const ModelAnswer answer = ask_z3_for_model(goal.script, obligation.variables, {20, 1});
    if (answer.answer != Answer::sat) continue;
    const Replay replay = broken.replay(answer.model);
    EXPECT_TRUE(replay.hypotheses_hold && !replay.failed.empty()) << theorem.name << ": " << goal.name;
    return true;
  }
  return false;
}

Names failing(semantics::ArithmeticFault fault) {
  Names names;
  for (const Theorem& theorem : proofs::theorems()) {
    if (watched().count(theorem.name) != 0 && fails(theorem, fault)) names.insert(theorem.name);
  }
  return names;
}

TEST(BrokenTemplates, WithTheRescaleDroppedFailWhereStatesMeet) {
  EXPECT_EQ(failing(semantics::ArithmeticFault::nothing_rescaled),
            (Names{"absorb-adds-sums", "divide-once", "empty-split", "flip-book-attention", "lazy-adds-sums",
                   "lse-merge", "merge-adds-sums"}));
}

// Sums are right at any shift, so only what speaks of the max itself fails, or starts from the max of no
// keys.
TEST(BrokenTemplates, WithTheFirstArgumentForTheMaxFailWhereTheMaxMatters) {
  EXPECT_EQ(failing(semantics::ArithmeticFault::max_keeps_first),
            (Names{"flip-book-attention", "guarded-is-recurrence", "lazy-adds-sums", "masked-fill",
                   "merge-commutes", "merge-identity"}));
}

// lazy.hpp selects its shift with the same operation.
TEST(BrokenTemplates, WithoutTheGuardFailWhereNothingIsVisible) {
  EXPECT_EQ(failing(semantics::ArithmeticFault::unguarded),
            (Names{"guarded-is-recurrence", "lazy-adds-sums", "merge-identity"}));
}

}  // namespace
}  // namespace attest::prove
