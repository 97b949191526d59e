// Workers of a build without libseccomp: this program has its own confinement.cpp, compiled without it. What
// it cannot watch is said, and what needs no filter still holds.
#include <chrono>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>

#include "kernel/worker/worker_kernel.hpp"
#include "problems.hpp"

namespace attest::kernel {
namespace {

using namespace testing_kernels;

Problem plain_problem() {
  Problem problem = make_problem(DType::f32, {});
  problem.want_lse = false;
  return problem;
}

TEST(Unconfined, IsSaidOfEveryKernel) {
  const auto kernel = open_kernel(library("hostile/harmless.so"));
  EXPECT_EQ(kernel->info().unconfined, "attest was built without libseccomp");
  const RunOutcome outcome = kernel->run(plain_problem(), {});
  EXPECT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
  EXPECT_EQ(outcome.environment, "");
}

TEST(Unconfined, MemoryIsSealedAllTheSame) {
  for (const char* name : {"hostile/truncates_memory.so", "hostile/punches_holes.so"}) {
    const auto kernel = open_kernel(library(name));
    for (int round = 0; round < 2; ++round)
      EXPECT_EQ(kernel->run(plain_problem(), {}).status, RunStatus::ok) << name;
  }
}

TEST(Unconfined, WhatAKernelLeavesIsFoundAndEnded) {
  EXPECT_EQ(run("hostile/leaves_daemon.so", plain_problem()).environment, "leaves 1 process running");
  EXPECT_EQ(run("hostile/leaves_rounding.so", plain_problem()).environment, "changes the rounding mode");
}

TEST(Unconfined, CrashesAreTold) {
  const RunOutcome outcome = run("hostile/writes_null.so", plain_problem());
  EXPECT_EQ(outcome.status, RunStatus::crashed);
  EXPECT_EQ(outcome.code, SIGSEGV);
  EXPECT_FALSE(outcome.crash.calls.empty());
}

// Nothing keeps it from doing so. It answers until the system has ended its parent, and itself with it; the
// tool, which is another process, goes on.
TEST(Unconfined, AKernelThatKillsItsParentDiesWithIt) {
  const auto kernel = open_kernel(library("hostile/kills_parent.so"));
  constexpr int kMostRounds = 6000;
  int round = 0;
  while (round < kMostRounds && kernel->run(plain_problem(), {}).status == RunStatus::ok) {
    ++round;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_LT(round, kMostRounds);
  EXPECT_EQ(run("hostile/harmless.so", plain_problem()).status, RunStatus::ok);
}

}  // namespace
}  // namespace attest::kernel
