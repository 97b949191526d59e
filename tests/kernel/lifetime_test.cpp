// Workers live exactly as long as the tool needs them.
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/worker/worker_kernel.hpp"
#include "problems.hpp"

namespace attest::kernel {
namespace {

using namespace testing_kernels;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A process that no longer runs, or has ended and waits to be reaped by whoever inherited it.
bool is_gone(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/stat";
  std::FILE* file = std::fopen(path.c_str(), "r");
  if (file == nullptr) return true;
  char state = 'Z';
  const int read = std::fscanf(file, "%*d (%*[^)]) %c", &state);
  std::fclose(file);
  return read != 1 || state == 'Z' || state == 'X';
}

bool goes_away(pid_t pid) {
  const auto deadline = steady_clock::now() + std::chrono::seconds(10);
  while (steady_clock::now() < deadline) {
    if (is_gone(pid)) return true;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return false;
}

TEST(Lifetime, OfAWorkerEndsWithItsKernel) {
  pid_t worker = -1;
  {
    const WorkerKernel kernel(library("tiled.so:correct"));
    worker = kernel.worker_pid();
    EXPECT_FALSE(is_gone(worker));
  }
  EXPECT_TRUE(goes_away(worker));
}

TEST(Lifetime, OfAHangingWorkerEndsWithTheTool) {
  std::array<int, 2> channel{};
  ASSERT_EQ(::pipe(channel.data()), 0);
  const pid_t tool = ::fork();  // this test has one thread
  if (tool == 0) {
    WorkerKernel kernel(library("tiled.so:hangs"));
    const pid_t worker = kernel.worker_pid();
    if (::write(channel[1], &worker, sizeof worker) != sizeof worker) ::_exit(1);
    RunOptions options;
    options.time_limit = std::chrono::minutes(5);
    kernel.run(make_problem(DType::f32, {}), options);
    ::_exit(1);
  }
  pid_t worker = -1;
  ASSERT_EQ(::read(channel[0], &worker, sizeof worker), static_cast<ssize_t>(sizeof worker));
  std::this_thread::sleep_for(milliseconds(100));  // well inside the kernel's loop
  EXPECT_FALSE(is_gone(worker));
  ::kill(tool, SIGKILL);
  ::waitpid(tool, nullptr, 0);
  EXPECT_TRUE(goes_away(worker));
  ::close(channel[0]);
  ::close(channel[1]);
}

// The parent-death signal of Linux follows the thread that spawned, not its process.
TEST(Lifetime, OfAWorkerOutlastsTheThreadThatOpenedIt) {
  std::unique_ptr<WorkerKernel> kernel;
  std::thread([&] { kernel = std::make_unique<WorkerKernel>(library("tiled.so:correct")); }).join();
  std::this_thread::sleep_for(milliseconds(50));
  const pid_t worker = kernel->worker_pid();
  EXPECT_EQ(kernel->run(make_problem(DType::f32, {}), {}).status, RunStatus::ok);
  EXPECT_EQ(kernel->worker_pid(), worker);
}

TEST(Lifetime, OfWhatAKernelStartedEndsWithItsWorker) {
  const RunOutcome outcome = run("misbehaving.so:leaves_a_child", make_problem(DType::f32, {}));
  ASSERT_EQ(outcome.status, RunStatus::crashed);
  const std::size_t number = outcome.detail.rfind("child ");
  ASSERT_NE(number, std::string::npos) << outcome.detail;
  EXPECT_TRUE(goes_away(std::atoi(outcome.detail.c_str() + number + 6)));
}

TEST(Lifetime, OfManyKernelsInManyThreadsIsIndependent) {
  std::array<std::thread, 4> threads;
  std::array<int, 4> ok{};
  for (std::size_t t = 0; t < threads.size(); ++t) {
    threads[t] = std::thread([&ok, t] {
      const Problem problem = make_problem(DType::f32, {.kv_len = 40 + static_cast<std::int64_t>(t)}, t);
      const auto good = open_kernel(library("tiled.so:correct"));
      const auto bad = open_kernel(library("tiled.so:null_dereference"));
      for (int round = 0; round < 5; ++round) {
        ok[t] += good->run(problem, {}).status == RunStatus::ok ? 1 : 0;
        ok[t] += bad->run(problem, {}).status == RunStatus::crashed ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ok, (std::array<int, 4>{10, 10, 10, 10}));
}

TEST(WorkerExecutable, CanBeAnotherProgram) {
  set_worker_executable("/bin/false");
  EXPECT_EQ(open_error("./any.so"), "./any.so crashed its process while loading: exited with status 1");
  set_worker_executable("/no/such/program");
  EXPECT_THROW(open_kernel("./any.so"), std::system_error);
  set_worker_executable("/proc/self/exe");
  EXPECT_EQ(open_error("./any.so"), "cannot open ./any.so: No such file or directory");
}

// Else a program whose main does not know workers would start itself without end.
TEST(WorkerExecutable, MustNotStartWorkersItself) {
  ::setenv("ATTEST_WORKER", "1", 1);
  EXPECT_THROW(open_kernel(library("tiled.so:correct")), std::logic_error);
  ::unsetenv("ATTEST_WORKER");
  EXPECT_EQ(run("tiled.so:correct", make_problem(DType::f32, {})).status, RunStatus::ok);
}

}  // namespace
}  // namespace attest::kernel
