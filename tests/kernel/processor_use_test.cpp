// How long others keep a process waiting: not as long as its own threads keep each other waiting.
#include "kernel/process/processor_use.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace attest::kernel {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

ProcessorUses threads(int number, nanoseconds ran, nanoseconds waited, bool ready = true) {
  ProcessorUses uses;
  for (int thread = 1; thread <= number; ++thread) uses[thread] = {ran, waited, ready};
  return uses;
}

nanoseconds kept(const ProcessorUses& after, int processors) {
  return kept_waiting({.before = {}, .after = after, .apart = milliseconds(100), .processors = processors});
}

TEST(ProcessorUse, TheThreadThatWaitedTheMostCounts) {
  ProcessorUses after = threads(1, milliseconds(20), milliseconds(80));
  after[2] = {milliseconds(40), milliseconds(10), true};
  EXPECT_EQ(kept(after, 2), milliseconds(70)) << "two processors were free of both threads for 70 ms each";
  EXPECT_EQ(kept(threads(1, milliseconds(20), milliseconds(80)), 2), milliseconds(80));
  EXPECT_EQ(kept(threads(1, milliseconds(100), milliseconds(0)), 2), nanoseconds(0));
}

TEST(ProcessorUse, ThreadsThatKeepEachOtherWaitingDoNot) {
  EXPECT_EQ(kept(threads(8, milliseconds(25), milliseconds(75)), 2), nanoseconds(0));
  EXPECT_EQ(kept(threads(8, microseconds(12'500), microseconds(87'500)), 2), milliseconds(50))
      << "others had half of both processors";
}

TEST(ProcessorUse, OnlyWhatIsNewCounts) {
  const ProcessorUses before = threads(1, milliseconds(500), milliseconds(900));
  const ProcessorUses after = threads(1, milliseconds(510), milliseconds(990));
  EXPECT_EQ(kept_waiting({.before = before, .after = after, .apart = milliseconds(100), .processors = 1}),
            milliseconds(90));
}

TEST(ProcessorUse, AWaitThatIsNotOverIsSeen) {
  const auto waits = [](const ProcessorUses& before, const ProcessorUses& after) {
    return waits_for_others({.before = before, .after = after, .apart = milliseconds(20), .processors = 2});
  };
  const ProcessorUses waiting = threads(1, milliseconds(5), milliseconds(0));
  EXPECT_TRUE(waits(waiting, waiting));
  EXPECT_FALSE(waits(waiting, threads(1, milliseconds(7), milliseconds(0)))) << "it ran";
  const ProcessorUses asleep = threads(1, milliseconds(5), milliseconds(0), false);
  EXPECT_FALSE(waits(asleep, asleep));
  ProcessorUses before = waiting, after = waiting;
  for (const pid_t own : {2, 3}) {
    before[own] = {milliseconds(0), milliseconds(0), true};
    after[own] = {milliseconds(20), milliseconds(0), true};
  }
  EXPECT_FALSE(waits(before, after)) << "it waits for threads of its own process";
}

TEST(ProcessorUse, IsThatOfThisProcess) {
  if (::access("/proc/self/schedstat", R_OK) != 0) GTEST_SKIP() << "the system does not count waits";
  const ProcessorUses uses = processor_uses(::getpid());
  ASSERT_EQ(uses.count(::getpid()), 1U);
  EXPECT_TRUE(uses.at(::getpid()).ready);
  EXPECT_GT(uses.at(::getpid()).ran, nanoseconds(0));
  EXPECT_GE(processors_of(::getpid()), 1);
  EXPECT_TRUE(processor_uses(-1).empty());
}

}  // namespace
}  // namespace attest::kernel
