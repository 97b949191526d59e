// Whatever a kernel does is an outcome, and the next case works.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include "kernel/worker/worker_kernel.hpp"
#include "problems.hpp"

namespace attest::kernel {
namespace {

using namespace testing_kernels;
using std::chrono::milliseconds;

const Problem kProblem = make_problem(DType::f32, {});

RunOptions within(int limit_ms) {
  RunOptions options;
  options.time_limit = milliseconds(limit_ms);
  return options;
}

TEST(Outcome, IsOkWithAResult) {
  const RunOutcome outcome = run("tiled.so:correct", kProblem);
  ASSERT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
  EXPECT_EQ(outcome.result.out.shape(), (std::vector<std::int64_t>{1, 1, 3, 4}));
  ASSERT_TRUE(outcome.result.lse.has_value());
  for (const double value : outcome.result.out.values()) EXPECT_LT(std::fabs(value), 10);
}

TEST(Outcome, KeepsThePrefillWhereTheKernelWritesNothing) {
  RunOptions options;
  options.prefill = std::byte{0x41};
  const RunOutcome outcome = run("misbehaving.so:writes_nothing", kProblem, options);
  ASSERT_EQ(outcome.status, RunStatus::ok);
  const auto& bytes = outcome.result.out.bytes();
  EXPECT_EQ(std::count(bytes.begin(), bytes.end(), std::byte{0x41}), 3 * 4 * 4);
}

TEST(Outcome, IsUnsupportedWhenTheKernelDeclines) {
  const RunOutcome outcome = run("misbehaving.so:declines", kProblem);
  EXPECT_EQ(outcome.status, RunStatus::unsupported);
}

TEST(Outcome, IsFailedWithTheStatusForAnyOther) {
  const RunOutcome seven = run("misbehaving.so:returns_seven", kProblem);
  EXPECT_EQ(seven.status, RunStatus::failed);
  EXPECT_EQ(seven.code, 7);
  EXPECT_EQ(seven.detail, "returned status 7");
  EXPECT_EQ(run("misbehaving.so:returns_minus_one", kProblem).code, -1);
}

TEST(Outcome, IsFailedWithTheMessageOfAnException) {
  const auto kernel = open_kernel(library("misbehaving.so:throws"));
  for (int round = 0; round < 2; ++round) {
    const RunOutcome outcome = kernel->run(kProblem, {});
    EXPECT_EQ(outcome.status, RunStatus::failed);
    EXPECT_EQ(outcome.detail, "threw an exception: out of registers");
  }
  EXPECT_EQ(run("misbehaving.so:throws_an_int", kProblem).status, RunStatus::failed);
}

TEST(Outcome, IsCrashedWithTheSignalOfANullDereference) {
  const RunOutcome outcome = run("tiled.so:null_dereference", kProblem);
  EXPECT_EQ(outcome.status, RunStatus::crashed);
  EXPECT_EQ(outcome.code, SIGSEGV);
  EXPECT_EQ(outcome.detail, "killed by signal 11 (Segmentation fault)");
}

TEST(Outcome, ShowsTheLastLineThatACrashingKernelPrintedMadePrintable) {
  const RunOutcome outcome = run("misbehaving.so:aborts", kProblem);
  EXPECT_EQ(outcome.status, RunStatus::crashed);
  EXPECT_EQ(outcome.code, SIGABRT);
  EXPECT_EQ(outcome.detail, "killed by signal 6 (Aborted); it printed: scratch ?[31mexhausted");
}

TEST(Outcome, IsCrashedWithTheStatusOfAKernelThatExits) {
  const RunOutcome outcome = run("tiled.so:exits", kProblem);
  EXPECT_EQ(outcome.status, RunStatus::crashed);
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.detail, "exited with status 3");
}

TEST(Outcome, TellsWhatTheCallChangedOfItsProcessEachTime) {
  const auto kernel = open_kernel(library("misbehaving.so:leaves_rounding_upward"));
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(kernel->run(kProblem, {}).environment, "changes the rounding mode");
  }
  EXPECT_EQ(run("misbehaving.so:handles_interrupts", kProblem).environment,
            "changes the handler of signal 2 (Interrupt)");
  EXPECT_EQ(run("tiled.so:correct", kProblem).environment, "");
}

TEST(Outcome, IsDeclinedWithANumberOfThreadsThatCannotBeSet) {
  RunOptions options;
  options.threads = 2;
  const RunOutcome outcome = run("tiled.so:correct", kProblem, options);
  EXPECT_EQ(outcome.status, RunStatus::unsupported);
  EXPECT_EQ(outcome.detail, "its number of threads cannot be set");
}

TEST(Outcome, HasTheThreadsThatWereAskedFor) {
  const auto kernel = open_kernel(library("misbehaving.so:tells_threads"));
  RunOptions options;
  for (const int threads : {2, 3, 1}) {
    options.threads = threads;
    const RunOutcome outcome = kernel->run(kProblem, options);
    ASSERT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
    EXPECT_EQ(std::to_integer<int>(outcome.result.out.bytes().front()), threads);
  }
}

TEST(Outcome, IsTimedOutForAKernelThatHangsAndTheWorkerIsGone) {
  WorkerKernel kernel(library("tiled.so:hangs"));
  const pid_t worker = kernel.worker_pid();
  const auto start = std::chrono::steady_clock::now();
  const RunOutcome outcome = kernel.run(kProblem, within(200));
  const auto elapsed = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(outcome.status, RunStatus::timed_out);
  EXPECT_EQ(outcome.detail, "no answer within 200 ms");
  EXPECT_GE(elapsed, milliseconds(200));
  EXPECT_EQ(::kill(worker, 0), -1) << "the hanging worker is still there";
}

// The worker and everything this starts have one processor together.
class BusyProcessor {
 public:
  explicit BusyProcessor(int threads) {
    ::sched_getaffinity(0, sizeof all_, &all_);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &one);
    ::sched_setaffinity(0, sizeof one, &one);
    for (int k = 0; k < threads; ++k) {
      threads_.emplace_back([this] {
        while (!over_) {
        }
      });
    }
  }
  BusyProcessor(const BusyProcessor&) = delete;
  BusyProcessor& operator=(const BusyProcessor&) = delete;
  ~BusyProcessor() {
    over_ = true;
    for (std::thread& thread : threads_) thread.join();
    ::sched_setaffinity(0, sizeof all_, &all_);
  }

 private:
  cpu_set_t all_{};
  std::atomic<bool> over_ = false;
  std::vector<std::thread> threads_;
};

TEST(Outcome, IsOkForAKernelThatWaitsForABusyProcessor) {
  if (::access("/proc/self/schedstat", R_OK) != 0) GTEST_SKIP() << "the system does not count waits";
  const BusyProcessor busy(12);
  const auto kernel = open_kernel(library("misbehaving.so:computes_for_a_while"));
  const auto start = std::chrono::steady_clock::now();
  const RunOutcome outcome = kernel->run(kProblem, within(200));
  EXPECT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
  EXPECT_GT(std::chrono::steady_clock::now() - start, milliseconds(200)) << "the processor was not busy";
}

TEST(Outcome, IsTimedOutForAKernelThatPrintsForEver) {
  EXPECT_EQ(run("misbehaving.so:prints_for_ever", kProblem, within(300)).status, RunStatus::timed_out);
}

TEST(Outcome, IsNotDisturbedByAKernelThatPrints) {
  const auto noisy = open_kernel(library("tiled.so:writes_stdout"));
  const RunOutcome quiet = run("tiled.so:correct", kProblem);
  testing::internal::CaptureStdout();
  for (int round = 0; round < 3; ++round) {
    const RunOutcome outcome = noisy->run(kProblem, {});
    ASSERT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
    EXPECT_EQ(outcome.result.out.bytes(), quiet.result.out.bytes());
  }
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(run("misbehaving.so:prints_megabytes", kProblem).status, RunStatus::ok);
}

TEST(Outcome, IsCrashedForAKernelThatClosesEveryDescriptor) {
  const RunOutcome outcome = run("misbehaving.so:closes_every_descriptor", kProblem);
  EXPECT_EQ(outcome.status, RunStatus::crashed);
  EXPECT_EQ(outcome.detail, "broke the connection to attest");
}

TEST(Outcome, IsFollowedByCasesThatWorkAfterACrash) {
  WorkerKernel kernel(library("misbehaving.so:crashes_every_second_time"));
  for (int round = 0; round < 3; ++round) {
    const RunOutcome good = kernel.run(kProblem, {});
    EXPECT_EQ(good.status, RunStatus::ok) << good.detail;
    const RunOutcome bad = kernel.run(kProblem, {});
    EXPECT_EQ(bad.status, RunStatus::crashed);
    EXPECT_EQ(bad.code, SIGFPE);
    EXPECT_EQ(kernel.worker_pid(), -1);
  }
}

TEST(Outcome, IsCrashedWhenTheWorkerDiedBetweenCases) {
  WorkerKernel kernel(library("tiled.so:correct"));
  ::kill(kernel.worker_pid(), SIGTERM);
  const RunOutcome outcome = kernel.run(kProblem, {});
  EXPECT_EQ(outcome.status, RunStatus::crashed);
  EXPECT_EQ(outcome.code, SIGTERM);
  EXPECT_EQ(kernel.run(kProblem, {}).status, RunStatus::ok);
}

}  // namespace
}  // namespace attest::kernel
