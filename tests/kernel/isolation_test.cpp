// What hostile kernels do ends in an outcome, and leaves nothing behind.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/process/process_tree.hpp"
#include "kernel/worker/worker_kernel.hpp"
#include "problems.hpp"

namespace attest::kernel {
namespace {

using namespace testing_kernels;
using std::chrono::milliseconds;

// What the hostile kernels accept.
Problem plain() {
  Problem problem = make_problem(DType::f32, {});
  problem.want_lse = false;
  return problem;
}

std::string hostile(const std::string& name) { return library("hostile/" + name + ".so"); }

// Of two calls: what the first leaves is put back, so that the second shows it again.
void expect_environment(const std::string& name, const std::string& expected) {
  WorkerKernel kernel(hostile(name));
  EXPECT_EQ(kernel.info().loading, "") << name;
  if (!kernel.info().unconfined.empty()) GTEST_SKIP() << kernel.info().unconfined;
  for (int round = 0; round < 2; ++round) {
    const RunOutcome outcome = kernel.run(plain(), {});
    ASSERT_EQ(outcome.status, RunStatus::ok) << name << ": " << outcome.detail;
    EXPECT_EQ(outcome.environment, expected) << name;
  }
}

TEST(Isolation, TellsWhatACallChangedOfItsProcess) {
  expect_environment("leaves_rounding", "changes the rounding mode");
  expect_environment("leaves_flushing", "changes whether subnormals are flushed to zero");
  expect_environment("leaves_traps", "changes floating-point traps");
  expect_environment("leaves_precision", "changes the precision of the x87 unit");
  expect_environment("leaves_umask", "changes the umask");
  expect_environment("leaves_directory", "changes the working directory");
  expect_environment("leaves_variable", "changes the environment variable OMP_NUM_THREADS");
  expect_environment("leaves_limit", "changes the limit of open files");
  expect_environment("leaves_mask", "changes whether signal 2 (Interrupt) is blocked");
  expect_environment("leaves_handler", "changes the handler of signal 15 (Terminated)");
  expect_environment("leaves_locale", "changes the locale");
  expect_environment("leaves_alarm", "changes the timer of signal 14 (Alarm clock)");
}

TEST(Isolation, TellsWhatACallDidAndUndidAndWhatItWasDenied) {
  expect_environment("handles_faults", "sets a handler of signal 11 (Segmentation fault)");
  expect_environment("truncates_memory", "tries to resize the memory that holds the tensors");
  expect_environment("punches_holes", "tries to resize the memory that holds the tensors");
  expect_environment("kills_parent", "tries to signal another process");
  expect_environment("traces_parent", "tries to trace or read another process");
  expect_environment("reads_parent", "tries to trace or read another process");
  expect_environment("opens_socket", "tries to use the network");
  expect_environment("mounts", "tries to change the system");
}

TEST(Isolation, TellsWhichProcessesACallLeftAndEndsThem) {
  for (const char* name : {"leaves_child", "leaves_daemon"})
    expect_environment(name, "leaves 1 process running");
  expect_environment("leaves_crowd", "leaves 12 processes running");
  for (int wait = 0; wait < 100 && !descendants_of(::getpid()).empty(); ++wait)
    std::this_thread::sleep_for(milliseconds(10));
  EXPECT_TRUE(descendants_of(::getpid()).empty());
}

TEST(Isolation, TellsWhatLoadingChanged) {
  EXPECT_EQ(WorkerKernel(hostile("loads_rounding")).info().loading, "changes the rounding mode");
  EXPECT_EQ(WorkerKernel(hostile("loads_daemon")).info().loading, "leaves 1 process running");
  const std::string handler = WorkerKernel(hostile("loads_handler")).info().loading;
  EXPECT_TRUE(handler.starts_with("changes the handler of signal 11 (Segmentation fault)")) << handler;
  EXPECT_FALSE(WorkerKernel(hostile("loads_rounding")).info().loading_flushes);
}

// -Ofast and -ffast-math link a constructor that does this. What is subnormal is then 0 in the calls.
TEST(Isolation, KeepsTheFlushToZeroThatALibrarySwitchedOn) {
  Problem problem = plain();
  problem.v.assign(std::vector<double>(static_cast<std::size_t>(problem.v.count()), 0x1p-130));
  WorkerKernel flushing(hostile("loads_flushing"));
  EXPECT_TRUE(flushing.info().loading_flushes);
  EXPECT_EQ(flushing.info().loading, "");
  WorkerKernel usual(hostile("leaves_umask"));
  EXPECT_FALSE(usual.info().loading_flushes);
  for (int round = 0; round < 2; ++round) {
    const RunOutcome outcome = flushing.run(problem, {});
    EXPECT_EQ(outcome.environment, "");
    EXPECT_EQ(outcome.result.out.at({0, 0, 0, 0}), 0);
    EXPECT_EQ(usual.run(problem, {}).result.out.at({0, 0, 0, 0}), 0x1p-130);
  }
}

TEST(Isolation, MeasuresWhatAProcessHolds) {
  const auto growth = [](const std::string& name) {
    WorkerKernel kernel(hostile(name));
    RunOptions options;
    options.measure_held = true;
    kernel.run(plain(), options);
    const Held first = kernel.run(plain(), options).held.value();
    const Held second = kernel.run(plain(), options).held.value();
    return Held{second.heap_bytes - first.heap_bytes, second.mapped_bytes - first.mapped_bytes,
                second.descriptors - first.descriptors, second.threads - first.threads};
  };
  EXPECT_EQ(growth("leaks_descriptors").descriptors, 1U);
  EXPECT_EQ(growth("leaks_threads").threads, 1U);
  EXPECT_GE(growth("leaks_pages").mapped_bytes, 4096U);
  const Held none = growth("leaves_umask");
  EXPECT_EQ(none.descriptors + none.threads + none.mapped_bytes, 0U);
#if !defined(__SANITIZE_ADDRESS__)
  EXPECT_GE(growth("leaks_bytes").heap_bytes, 24U);
  EXPECT_LE(growth("leaks_bytes").heap_bytes, 64U);
  EXPECT_EQ(none.heap_bytes, 0U);
#endif
}

TEST(Isolation, HidesWhoAsks) {
  const RunOutcome outcome = WorkerKernel(hostile("recognises_the_tool")).run(plain(), {});
  EXPECT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
}

TEST(Isolation, SaysThatAStoppedKernelWasStopped) {
  RunOptions options;
  options.time_limit = milliseconds(300);
  const RunOutcome outcome = WorkerKernel(hostile("stops_itself")).run(plain(), options);
  EXPECT_EQ(outcome.status, RunStatus::timed_out);
  EXPECT_EQ(outcome.detail, "no answer within 300 ms: a signal stopped its process");
}

// Both the worker and what watches over it may be stopped from outside.
TEST(Isolation, SurvivesThatEveryProcessOfAWorkerIsStopped) {
  WorkerKernel kernel(library("tiled.so:correct"));
  for (const ProcessEntry& process : descendants_of(::getpid())) ::kill(process.pid, SIGSTOP);
  RunOptions options;
  options.time_limit = milliseconds(300);
  EXPECT_EQ(kernel.run(make_problem(DType::f32, {}), options).status, RunStatus::timed_out);
  EXPECT_EQ(kernel.run(make_problem(DType::f32, {}), {}).status, RunStatus::ok);
}

// A daemon that a kernel left ends with the tool, even when the tool is killed.
TEST(Isolation, EndsDaemonsWithAToolThatIsKilled) {
  const pid_t tool = ::fork();  // this test has one thread
  if (tool == 0) {
    RunOptions options;
    options.time_limit = std::chrono::minutes(5);
    WorkerKernel(hostile("hangs_with_daemon")).run(plain(), options);
    ::_exit(1);
  }
  // The process that starts the daemon ends at once, and leaves the daemon to the supervisor.
  std::vector<ProcessEntry> family;
  const auto is_complete = [&] {
    return family.size() == 3 && family[1].parent == family[0].pid && family[2].parent == family[0].pid;
  };
  for (int wait = 0; wait < 500 && !is_complete(); ++wait) {
    std::this_thread::sleep_for(milliseconds(10));
    family = descendants_of(tool);
  }
  EXPECT_TRUE(is_complete()) << "supervisor, worker and daemon; there are " << family.size();
  ::kill(tool, SIGKILL);
  ::waitpid(tool, nullptr, 0);
  const auto is_running = [](const ProcessEntry& process) {
    const auto now = find_process(process.pid);
    return now && now->state != 'Z';
  };
  for (int wait = 0; wait < 500 && std::any_of(family.begin(), family.end(), is_running); ++wait)
    std::this_thread::sleep_for(milliseconds(10));
  EXPECT_TRUE(std::none_of(family.begin(), family.end(), is_running));
}

}  // namespace
}  // namespace attest::kernel
