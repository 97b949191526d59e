// Kernels that are commands.
#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>

#include "kernel/command/command.hpp"
#include "kernel/command/exec_kernel.hpp"
#include "problems.hpp"

namespace attest::kernel {
namespace {

using namespace testing_kernels;
using std::chrono::milliseconds;

const std::string kFolders = " {in_dir} {out_dir}";
const std::string kFiles = " {in} {out}";

std::string script(const std::string& fault, const std::string& files) {
  return "/usr/bin/python3 " TEST_SCRIPTS_DIR "/exec_kernel.py " + fault + files;
}

Problem plain(std::uint64_t seed = 1) {
  Problem problem = make_problem(DType::f32, {}, seed);
  problem.want_lse = false;
  return problem;
}

TEST(Command, TellsHowItEnded) {
  EXPECT_TRUE(run_command("true", milliseconds(10'000)).succeeded());
  const CommandEnd failed = run_command("echo one; echo no device >&2; exit 3", milliseconds(10'000));
  EXPECT_EQ(failed.status, 3);
  EXPECT_EQ(failed.text, "exited with status 3: no device");
  const CommandEnd killed = run_command("kill -SEGV $$", milliseconds(10'000));
  EXPECT_EQ(killed.signal, SIGSEGV);
  const CommandEnd slow = run_command("sleep 60 & sleep 60", milliseconds(50));
  EXPECT_TRUE(slow.timed_out);
  EXPECT_FALSE(slow.succeeded());
  const CommandEnd loud =
      run_command("yes | head -c 1000000; exec >&- 2>&-; sleep 0.05; exit 4", milliseconds(10'000));
  EXPECT_EQ(loud.status, 4);
  EXPECT_TRUE(run_command("yes", milliseconds(200)).timed_out) << "it prints for ever";
}

TEST(Exec, AnswersInFilesAndInFolders) {
  for (const std::string& files : {kFiles, kFolders}) {
    ExecKernel kernel(script("none", files));
    const RunOutcome outcome = kernel.run(plain(), {});
    ASSERT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
    const RunOutcome right = run("tiled.so:correct", plain());
    for (std::int64_t i = 0; i < 3; ++i) {
      for (std::int64_t c = 0; c < 4; ++c) {
        EXPECT_NEAR(outcome.result.out.at({0, 0, i, c}), right.result.out.at({0, 0, i, c}), 1e-6);
      }
    }
  }
}

// A command that counts its starts, in a file.
class Counted {
 public:
  Counted()
      : file_(std::filesystem::path(testing::TempDir()) / ("attest-starts-" + std::to_string(::getpid()))),
        kernel("printf x >>" + file_.string() + "; " + script("none", kFolders)) {}
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { std::filesystem::remove(file_); }
  std::uintmax_t starts() const {
    return std::filesystem::exists(file_) ? std::filesystem::file_size(file_) : 0;
  }

 private:
  std::filesystem::path file_;

 public:
  ExecKernel kernel;
};

TEST(Exec, StartsOnceForWhatIsAnnounced) {
  Counted counted;
  ExecKernel& kernel = counted.kernel;
  const auto starts = [&] { return counted.starts(); };
  ASSERT_TRUE(kernel.prefers_batches());
  kernel.prefetch({plain(1), plain(2), plain(1)}, milliseconds(10'000));
  EXPECT_EQ(starts(), 1U);
  for (const std::uint64_t seed : {1U, 1U, 2U}) {
    EXPECT_EQ(kernel.run(plain(seed), {}).status, RunStatus::ok);
  }
  EXPECT_EQ(starts(), 1U);
  EXPECT_EQ(kernel.run(plain(1), {}).status, RunStatus::ok) << "asked for once more than announced";
  EXPECT_EQ(starts(), 2U);
}

// The command declines every lse; what is then asked for without has been answered already.
TEST(Exec, GetsWhatItDeclinesForItsLseWithoutTogether) {
  Counted counted;
  const auto ask = [&](std::uint64_t seed) {
    Problem problem = plain(seed);
    problem.want_lse = true;
    EXPECT_EQ(counted.kernel.run(problem, {}).status, RunStatus::unsupported);
    problem.want_lse = false;
    EXPECT_EQ(counted.kernel.run(problem, {}).status, RunStatus::ok);
  };
  for (const std::uintmax_t starts : {2U, 3U}) {  // once that it learns, then once a batch
    std::vector<Problem> batch{plain(1), plain(2), plain(3)};
    for (Problem& problem : batch) problem.want_lse = true;
    counted.kernel.prefetch(batch, milliseconds(10'000));
    for (const std::uint64_t seed : {1U, 2U, 3U}) ask(seed);
    EXPECT_EQ(counted.starts(), starts);
  }
  counted.kernel.prefetch({plain(4)}, milliseconds(10'000));
  EXPECT_EQ(counted.kernel.run(plain(4), {}).status, RunStatus::ok);
  EXPECT_EQ(counted.starts(), 4U);
}

TEST(Exec, DeclinesWithAStatus) {
  Problem problem = plain();
  problem.softcap = 3;
  ExecKernel kernel(script("none", kFiles));
  EXPECT_EQ(kernel.run(problem, {}).status, RunStatus::unsupported);
}

TEST(Exec, FailuresAreOutcomes) {
  const auto outcome_of = [](const std::string& command, milliseconds limit = milliseconds(20'000)) {
    ExecKernel kernel(command);
    RunOptions options;
    options.time_limit = limit;
    kernel.prefetch({plain()}, limit);
    return kernel.run(plain(), options);
  };
  const RunOutcome exits = outcome_of(script("exits", kFolders));
  EXPECT_EQ(exits.status, RunStatus::failed);
  EXPECT_EQ(exits.detail, "exited with status 1: no device");
  const RunOutcome silent = outcome_of(script("writes-nothing", kFiles));
  EXPECT_EQ(silent.status, RunStatus::failed);
  EXPECT_EQ(silent.detail, "it succeeded but wrote no result");
  const RunOutcome garbage = outcome_of(script("garbage", kFolders));
  EXPECT_EQ(garbage.status, RunStatus::failed);
  EXPECT_NE(garbage.detail.find("its output is not a valid result"), std::string::npos) << garbage.detail;
  const RunOutcome killed = outcome_of(": {in} {out}; kill -SEGV $$");
  EXPECT_EQ(killed.status, RunStatus::crashed);
  EXPECT_EQ(killed.code, SIGSEGV);
  const RunOutcome slow = outcome_of(": {in} {out}; sleep 60", milliseconds(50));
  EXPECT_EQ(slow.status, RunStatus::timed_out);
}

TEST(Exec, NeedsItsPlaceholders) {
  EXPECT_THROW(ExecKernel("cat {in}"), KernelOpenError);
  EXPECT_THROW(ExecKernel("cat {in_dir} {out}"), KernelOpenError);
}

}  // namespace
}  // namespace attest::kernel
