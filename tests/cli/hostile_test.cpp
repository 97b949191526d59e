// `attest check` on hostile kernels (tests/kernels/hostile): each ends in a finding of the right kind, the
// next kernel's check is unharmed, and nothing is left behind.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

namespace fs = std::filesystem;

struct Hostile {
  std::string name;
  std::string kind;           ///< of its finding
  std::string words;          ///< in its summary
  bool needs_filter = false;  ///< only a filter of system calls shows it
  std::string law = {};       ///< empty: any
  std::size_t findings = 1;
};

void PrintTo(const Hostile& hostile, std::ostream* out) { *out << hostile.name; }

const std::vector<Hostile> kHostile{
    {"truncates_memory", "environment", "tries to resize the memory", true},
    {"punches_holes", "environment", "tries to resize the memory", true},
    {"handles_faults", "environment", "sets a handler of signal 11", true},
    {"signals_parent", "environment", "tries to signal another process", true},
    {"kills_parent", "environment", "tries to signal another process", true},
    {"traces_parent", "environment", "tries to trace or read another process", true},
    {"reads_parent", "environment", "tries to trace or read another process", true},
    {"opens_socket", "environment", "tries to use the network", true},
    {"mounts", "environment", "tries to change the system", true},
    {"leaves_child", "environment", "leaves 1 process running"},
    {"leaves_daemon", "environment", "leaves 1 process running"},
    {"leaves_crowd", "environment", "leaves 12 processes running"},
    {"leaves_rounding", "environment", "changes the rounding mode"},
    {"leaves_flushing", "environment", "changes whether subnormals are flushed to zero"},
    {"leaves_traps", "environment", "changes floating-point traps"},
    {"leaves_precision", "environment", "changes the precision of the x87 unit"},
    {"leaves_umask", "environment", "changes the umask"},
    {"leaves_locale", "environment", "changes the locale"},
    {"leaves_directory", "environment", "changes the working directory"},
    {"leaves_variable", "environment", "changes the environment variable OMP_NUM_THREADS"},
    {"leaves_limit", "environment", "changes the limit of open files"},
    {"leaves_mask", "environment", "changes whether signal 2 (Interrupt) is blocked"},
    {"leaves_handler", "environment", "changes the handler of signal 15"},
    {"leaves_affinity", "environment", "changes the CPU affinity"},
    {"leaves_alarm", "environment", "changes the timer of signal 14"},
    {"loads_rounding", "environment", "loading it changes the rounding mode", false, "", 2},
    {"loads_handler", "environment", "loading it changes the handler of signal 11"},
    {"loads_daemon", "environment", "loading it leaves 1 process running"},
    {"leaks_blocks", "environment", "bytes of heap a call", false, "leak"},
    {"leaks_bytes", "environment", "bytes of heap a call", false, "leak"},
    {"leaks_pages", "environment", "4096 bytes of mapped memory a call", false, "leak"},
    {"leaks_descriptors", "environment", "1 file descriptors a call", false, "leak"},
    {"leaks_threads", "environment", "1 threads a call", false, "leak"},
    {"writes_null", "crash", "killed by signal 11"},
    {"overflows_stack", "crash", "killed by signal 11"},
    {"aborts", "crash", "it printed: assertion failed: head_dim % 8 == 0"},
    {"exits", "crash", "exited with status 0"},
    {"executes", "crash", "exited with status 0"},
    {"closes_descriptors", "crash", "exited with status 0"},
    {"forges_answer", "crash", "broke the connection"},
    {"unmaps_output", "crash", "killed by signal 11"},
    {"writes_large_file", "crash", "killed by signal 25"},
    {"writes_input", "input-mutated", "wrote to its input q"},
    {"writes_before", "memory", "out"},
    {"hangs", "timeout", "no answer within"},
    {"hangs_with_daemon", "timeout", "no answer within"},
    {"stops_itself", "timeout", "a signal stopped its process"},
    {"prints_for_ever", "timeout", "no answer within"},
    {"fails", "failed", "returned status 7"},
    {"throws", "failed", "no such tile"},
    {"takes_all_memory", "failed", "returned status 12"},
    {"takes_all_descriptors", "failed", "returned status 24"},
};

std::string library(const std::string& name) { return test_kernel("hostile/" + name); }

std::vector<std::string> shared_memory_names() {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator("/dev/shm", ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.find("attest") != std::string::npos) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

// What a check leaves running becomes a child of this process. Twice: it may be about to end.
bool nothing_runs() {
  for (int wait = 0; wait < 200; ++wait) {
    pid_t ended = 0;
    while ((ended = ::waitpid(-1, nullptr, WNOHANG)) > 0) {
    }
    if (ended < 0) return true;  // no children
    ::usleep(10'000);
  }
  return false;
}

// More runs than there are processors, so that times say little.
bool machine_is_busy() {
  double load = 0;
  return ::getloadavg(&load, 1) != 1 || load > std::thread::hardware_concurrency();
}

bool watched(const nlohmann::json& report) {
  return report["laws"]["environment"].dump().find("are not watched") == std::string::npos;
}

class HostileKernel : public testing::TestWithParam<Hostile> {
 protected:
  void SetUp() override { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }
};

// The limit keeps what takes all memory from taking the machine's.
TEST_P(HostileKernel, EndsInItsFindingAndHarmsNothing) {
  const Hostile& hostile = GetParam();
  const std::vector<std::string> names = shared_memory_names();
  const std::string limit = hostile.kind == "timeout" ? "0.5" : "10";
  const std::string cases = hostile.law == "leak" ? "120" : "24";  // one case in ten is put to that law
  const auto start = std::chrono::steady_clock::now();
  const CommandRun run = attest_command(
      "--version >/dev/null; mkdir tmp; export TMPDIR=$PWD/tmp; ulimit -d 2000000; '" ATTEST_BINARY
      "' check " +
      library(hostile.name) + " " + library("harmless") + " --cases " + cases + " --time-limit " + limit +
      " --quiet --json report.json >/dev/null; code=$?; ls -A tmp; cat "
      "report.json; exit "
      "$code");
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  ASSERT_EQ(run.exit, 1) << run.err;
  EXPECT_TRUE(seconds.count() < 30 || machine_is_busy()) << seconds.count();
  EXPECT_TRUE(nothing_runs());
  EXPECT_EQ(shared_memory_names(), names);
  ASSERT_EQ(run.out.substr(0, 1), "{") << "left in the temporary folder: " << run.out.substr(0, 200);
  const auto kernels = nlohmann::json::parse(run.out)["kernels"];
  EXPECT_EQ(kernels[0]["verdict"], "defective");
  if (hostile.needs_filter && !watched(kernels[0])) GTEST_SKIP() << "no filter of system calls here";
  const auto& findings = kernels[0]["findings"];
  EXPECT_EQ(findings.size(), hostile.findings) << findings.dump(1);
  const auto finding = std::find_if(findings.begin(), findings.end(),
                                    [&](const auto& each) { return each["kind"] == hostile.kind; });
  ASSERT_NE(finding, findings.end()) << findings.dump(1);
  const std::string summary = (*finding)["summary"];
  EXPECT_NE(summary.find(hostile.words), std::string::npos) << summary;
  EXPECT_TRUE(hostile.law.empty() || (*finding)["law"] == hostile.law) << (*finding)["law"];
  EXPECT_EQ(kernels[1]["verdict"], "conforming") << kernels[1].dump(1);
  EXPECT_GE(kernels[1]["cases"].get<int>(), 20);
}

INSTANTIATE_TEST_SUITE_P(Each, HostileKernel, testing::ValuesIn(kHostile),
                         [](const testing::TestParamInfo<Hostile>& tested) { return tested.param.name; });

TEST(HostileKernels, AreAllInTheTable) {
  std::size_t sources = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(ATTEST_SOURCE_DIR "/tests/kernels/hostile"))
    sources += entry.path().extension() == ".h" ? 0U : 1U;
  EXPECT_EQ(sources, kHostile.size() + 3)
      << "three do no harm: harmless, loads_flushing, recognises_the_tool";
  EXPECT_GE(kHostile.size(), 30U);
}

TEST(HostileKernels, ThatLookForTheToolDoNotFindIt) {
  const auto report = attest_json("check " + library("recognises_the_tool") + " --cases 24 --quiet", 0);
  EXPECT_EQ(report["kernels"][0]["verdict"], "conforming");
}

// Their adapters set environment variables for the libraries that they load.
TEST(HostileKernels, AreNotWhatAdaptersAreTakenFor) {
  const CommandRun run = attest_command(
      "check onednn:linear-softcap ggml:f16-prec-f32 onnxruntime:mha --cases 24 --quiet --json report.json "
      ">/dev/null; cat report.json");
  for (const auto& report : nlohmann::json::parse(run.out)["kernels"]) {
    EXPECT_EQ(report["laws"]["environment"]["status"], "held") << report["laws"]["environment"];
    EXPECT_NE(report["laws"]["leak"]["status"], "broken") << report["laws"]["leak"];
  }
}

TEST(HostileKernels, ThatSwitchFlushToZeroOnWhenLoadedAreSaidToDoSo) {
  const auto report = attest_json("check " + library("loads_flushing") + " --cases 24 --quiet", 0);
  const auto& notes = report["kernels"][0]["laws"]["environment"]["notes"];
  EXPECT_GT(notes["loading it switched flush-to-zero on"].get<int>(), 0) << notes;
}

}  // namespace
}  // namespace attest::cli
