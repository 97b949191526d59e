// A kernel on a device, whose first call compiles, on the driver of tests/kernels/opencl.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include <gtest/gtest.h>

#include "kernel/compiling.hpp"
#include "kernel/kernel.hpp"
#include "problems.hpp"

namespace attest::kernel {
namespace {

using namespace testing_kernels;

TEST(OpenClDriver, TheTimeLimitOfACallDoesNotCountCompiling) {
  const std::string path = ::testing::TempDir() + "attest_slow.cl";
  std::ofstream(path)
      << "// attest: kernel slow\n// attest: args q, k, v, out\n"
         "// attest: args int q_heads, int kv_heads, int q_len, int kv_len, int qk_dim, float scale\n"
         "// attest: global q_len, q_heads, batch\n";
  ::setenv("ATTEST_OPENCL_LIBRARY", TEST_KERNELS_DIR "/opencl/fake_driver.so", 1);
  std::vector<bool> seen;
  observe_compiling([&](bool compiles) { seen.push_back(compiles); });
  const double before = compiling_time().count();
  const auto kernel = open_kernel("opencl:" + path);
  RunOptions options;
  options.time_limit = std::chrono::milliseconds(100);  // a call takes 300
  Problem problem = make_problem(DType::f32, {});
  problem.causal = Causal::none;
  problem.want_lse = false;
  EXPECT_EQ(kernel->run(problem, options).status, RunStatus::ok);
  EXPECT_EQ(seen, (std::vector<bool>{true, false}));
  EXPECT_GE(compiling_time().count() - before, 0.2);
  EXPECT_EQ(kernel->run(problem, options).status, RunStatus::timed_out);
  observe_compiling({});
  ::unsetenv("ATTEST_OPENCL_LIBRARY");
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace attest::kernel
