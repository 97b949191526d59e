// A crash is told with what was accessed and the calls that led to it.
#include <algorithm>
#include <csignal>

#include <gtest/gtest.h>

#include "kernel/worker/worker_kernel.hpp"
#include "problems.hpp"

namespace attest::kernel {
namespace {

using namespace testing_kernels;

const Problem kProblem = make_problem(DType::f32, {});

std::string told(const RunOutcome& outcome) {
  std::string text = outcome.detail + "\n";
  for (const std::string& call : outcome.crash.calls) text += "  " + call + "\n";
  return text;
}

bool begins(const std::string& text, const std::string& with) { return text.rfind(with, 0) == 0; }

// The one that the tool calls: the last.
void expect_called_as(const RunOutcome& outcome, const std::string& function, const std::string& library) {
  ASSERT_FALSE(outcome.crash.calls.empty()) << told(outcome);
  const std::string& outermost = outcome.crash.calls.back();
  EXPECT_TRUE(begins(outermost, function + "+0x")) << told(outcome);
  EXPECT_NE(outermost.find(" (" + library + "+0x"), std::string::npos) << told(outcome);
}

TEST(CrashSite, OfANullDereferenceHasItsAddressAndCalls) {
  const RunOutcome outcome = run("tiled.so:null_dereference", kProblem);
  EXPECT_EQ(outcome.status, RunStatus::crashed);
  EXPECT_EQ(outcome.crash.address, std::uint64_t{0}) << told(outcome);
  ASSERT_FALSE(outcome.crash.calls.empty()) << told(outcome);
  EXPECT_TRUE(begins(outcome.crash.function, "(anonymous namespace)::")) << told(outcome);
  EXPECT_TRUE(begins(outcome.crash.calls[0], outcome.crash.function + "+0x")) << told(outcome);
  EXPECT_NE(outcome.crash.calls[0].find(" (tiled.so+0x"), std::string::npos) << told(outcome);
}

TEST(CrashSite, OfAnAbortIsTheFunctionThatCalledIt) {
  const RunOutcome outcome = run("misbehaving.so:aborts", kProblem);
  EXPECT_EQ(outcome.code, SIGABRT);
  EXPECT_FALSE(outcome.crash.address.has_value());
  EXPECT_EQ(outcome.crash.function, "aborts") << told(outcome);
  expect_called_as(outcome, "aborts", "misbehaving.so");
}

TEST(CrashSite, OfACallThroughANullPointerIsTheCaller) {
  const RunOutcome outcome = run("misbehaving.so:calls_nowhere", kProblem);
  EXPECT_EQ(outcome.code, SIGSEGV);
  ASSERT_GE(outcome.crash.calls.size(), 2U) << told(outcome);
  EXPECT_EQ(outcome.crash.calls[0], "no code at 0x0");
  EXPECT_TRUE(begins(outcome.crash.calls[1], "calls_nowhere+0x")) << told(outcome);
  EXPECT_EQ(outcome.crash.function, "calls_nowhere");
}

TEST(CrashSite, OfAnOverflowOfTheStackIsTheFunctionThatRecurses) {
  Problem problem = kProblem;
  problem.want_lse = false;
  const RunOutcome outcome = run("hostile/overflows_stack.so", problem);
  EXPECT_EQ(outcome.code, SIGSEGV);
  EXPECT_TRUE(outcome.crash.address.has_value());
  ASSERT_EQ(outcome.crash.calls.size(), 32U) << told(outcome);
  EXPECT_EQ(outcome.crash.function, "recurse") << told(outcome);
}

TEST(CrashSite, OfSeveralThreadsIsThatOfOne) {
  for (int round = 0; round < 5; ++round) {
    const RunOutcome outcome = run("misbehaving.so:crashes_in_threads", kProblem);
    EXPECT_EQ(outcome.code, SIGSEGV);
    EXPECT_EQ(outcome.crash.function, "store_into_nothing") << told(outcome);
    EXPECT_EQ(outcome.crash.address, std::uint64_t{0});
    ASSERT_FALSE(outcome.crash.calls.empty());
    EXPECT_NE(outcome.crash.calls.back(), "no code at 0x0") << told(outcome);
  }
}

TEST(CrashSite, OfASignalThatTheKernelSentItselfHasNoAddress) {
  const RunOutcome outcome = run("misbehaving.so:signals_itself", kProblem);
  EXPECT_EQ(outcome.code, SIGSEGV);
  EXPECT_EQ(outcome.detail, "killed by signal 11 (Segmentation fault)");
  EXPECT_FALSE(outcome.crash.address.has_value());
  EXPECT_EQ(outcome.crash.function, "signals_itself") << told(outcome);
}

TEST(CrashSite, OfAnArithmeticTrapIsToldAndTheNextCallWorks) {
  WorkerKernel kernel(library("misbehaving.so:crashes_every_second_time"));
  EXPECT_EQ(kernel.run(kProblem, {}).status, RunStatus::ok);
  const RunOutcome outcome = kernel.run(kProblem, {});
  EXPECT_EQ(outcome.code, SIGFPE);
  EXPECT_EQ(outcome.crash.function, "crashes_every_second_time") << told(outcome);
  EXPECT_EQ(kernel.run(kProblem, {}).status, RunStatus::ok);
}

TEST(CrashSite, OfAnAccessPastATensorIsToldWithTheTensor) {
  RunOptions options;
  options.placement = Placement::page_end;
  const RunOutcome outcome = run("misbehaving.so:reads_past_k", kProblem, options);
  EXPECT_EQ(outcome.trespass, Trespass::outside);
  EXPECT_EQ(outcome.detail, "killed by signal 11 (Segmentation fault) 1 byte past the end of k");
  EXPECT_TRUE(outcome.crash.address.has_value());
  expect_called_as(outcome, "reads_past_k", "misbehaving.so");
}

TEST(CrashSite, OfAChildIsNotTheKernels) {
  const RunOutcome outcome = run("misbehaving.so:has_a_child_that_crashes", kProblem);
  ASSERT_EQ(outcome.status, RunStatus::ok) << told(outcome);
  const auto& bytes = outcome.result.out.bytes();
  EXPECT_TRUE(std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; }))
      << "the child did not die";
}

TEST(Prints, AreTheLastTwentyLinesOfBothStreamsMadePrintable) {
  const RunOutcome outcome = run("misbehaving.so:prints_without_ending_the_line", kProblem);
  ASSERT_EQ(outcome.status, RunStatus::ok);
  ASSERT_EQ(outcome.printed.size(), 20U);
  EXPECT_EQ(outcome.printed.front(), "line 13");
  EXPECT_EQ(outcome.printed[17], "line 30");
  EXPECT_EQ(outcome.printed[18], "to stderr: ?[31mred?[0m");
  EXPECT_EQ(outcome.printed.back(), "tile 3");
}

TEST(Prints, OfACrashingCallAreThoseOfThatCallAlone) {
  const RunOutcome outcome = run("misbehaving.so:aborts", kProblem);
  EXPECT_EQ(outcome.printed, (std::vector<std::string>{"first line", "scratch ?[31mexhausted"}));
  const auto kernel = open_kernel(library("tiled.so:writes_stdout"));
  for (int round = 0; round < 2; ++round)
    EXPECT_EQ(kernel->run(kProblem, {}).printed,
              (std::vector<std::string>{"attending", "??? not a reply", "?"}));
  EXPECT_TRUE(run("tiled.so:correct", kProblem).printed.empty());
}

TEST(Prints, AreFewAndShortWhateverAKernelPrints) {
  const RunOutcome outcome = run("misbehaving.so:prints_megabytes", kProblem);
  ASSERT_EQ(outcome.printed.size(), 20U);
  EXPECT_EQ(outcome.printed.back(), "line 99999 of very many lines");
  OutputTail tail;
  tail.append(std::string(10'000, 'x') + "\n\n \nend");
  const std::vector<std::string> lines = tail.last_lines();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_LE(lines[0].size(), 200U);
  EXPECT_EQ(lines[1], "end");
}

TEST(Prints, OfACommandAreThoseOfItsRun) {
  const auto kernel = open_kernel("exec:echo one; echo two >&2; cat {in} >{out}; exit 3");
  const RunOutcome outcome = kernel->run(kProblem, {});
  EXPECT_EQ(outcome.status, RunStatus::failed);
  EXPECT_EQ(outcome.printed, (std::vector<std::string>{"one", "two"}));
}

}  // namespace
}  // namespace attest::kernel
