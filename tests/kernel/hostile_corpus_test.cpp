// Every hostile kernel, called from this process: whatever it does ends in an outcome, the next kernel
// answers, and no process is left. tests/cli/hostile_test.cpp has the finding of each; this is what the
// sanitizers look at.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "kernel/process/process_tree.hpp"
#include "kernel/worker/worker_kernel.hpp"
#include "problems.hpp"

namespace attest::kernel {
namespace {

using namespace testing_kernels;
using std::chrono::milliseconds;

#ifdef __SANITIZE_ADDRESS__
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

std::vector<std::string> corpus() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(library("hostile"))) {
    const std::string name = entry.path().stem().string();
    // AddressSanitizer does not start under the limit that keeps it from taking the machine's memory.
    if (!kSanitized || name != "takes_all_memory") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Problem plain() {
  Problem problem = make_problem(DType::f32, {});
  problem.want_lse = false;
  return problem;
}

bool nothing_runs_below(pid_t root, std::size_t processes) {
  for (int wait = 0; wait < 500 && descendants_of(root).size() > processes; ++wait)
    std::this_thread::sleep_for(milliseconds(10));
  return descendants_of(root).size() <= processes;
}

TEST(HostileCorpus, EndsInOutcomes) {
  RunOptions options;
  options.time_limit = milliseconds(kSanitized ? 2000 : 500);
  options.measure_held = true;
  const Problem problem = plain();
  WorkerKernel harmless(library("hostile/harmless.so"));
  ASSERT_EQ(harmless.run(problem, {}).status, RunStatus::ok);
  const std::size_t processes = descendants_of(::getpid()).size();
  const std::vector<std::string> paths = corpus();
  EXPECT_GE(paths.size(), 50U);
  for (const std::string& path : paths) {
    SCOPED_TRACE(path);
    {
      WorkerKernel kernel(path);
      for (int round = 0; round < 2; ++round) {
        const RunOutcome outcome = kernel.run(problem, options);
        EXPECT_TRUE(outcome.status == RunStatus::ok || !outcome.detail.empty());
      }
    }
    EXPECT_EQ(harmless.run(problem, {}).status, RunStatus::ok);
    EXPECT_TRUE(nothing_runs_below(::getpid(), processes));
  }
}

}  // namespace
}  // namespace attest::kernel
