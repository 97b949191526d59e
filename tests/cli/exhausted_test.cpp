// A system that refuses something (disk space, processes, file sizes, time) gets one clear line, the right
// exit code, and no process left behind.
#include <algorithm>
#include <string>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

const std::string kAttest = "'" ATTEST_BINARY "'";
const std::string kWrong = test_kernel("tiled_f32") + ":rescale_missing --cases 60";
const std::string kRight = test_kernel("tiled_f32") + ":correct --cases 24";

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// attest_command puts its arguments behind the command: a shell follows.
CommandRun shell(const std::string& script) { return attest_command("--version >/dev/null; " + script); }

void expect_one_line(const CommandRun& run) {
  EXPECT_EQ(lines_of(run.err), 1) << run.err;
  EXPECT_LT(run.err.size(), 200U) << run.err;
  EXPECT_FALSE(mentions(run.err, "internal error")) << run.err;
}

// "unshare ... sh -c" where this user may mount in a namespace of its own; empty: nowhere here.
std::string namespace_command() {
  for (const char* command : {"unshare -m", "unshare -Urm"}) {
    if (shell(std::string(command) + " sh -c 'mount -t tmpfs none /mnt'").exit == 0) return command;
  }
  return "";
}

TEST(FullDisk, ForAReportIsAUsageErrorBeforeTheRun) {
  const CommandRun run = shell(kAttest + " check " + kRight + " --json /dev/full");
  EXPECT_EQ(run.exit, 64);
  expect_one_line(run);
  EXPECT_TRUE(mentions(run.err, "cannot write /dev/full: No space left on device")) << run.err;
  EXPECT_EQ(run.out, "");
}

TEST(FullDisk, ForStandardOutputIsToldOnStandardError) {
  const CommandRun run = shell(kAttest + " check " + kRight + " --quiet >/dev/full");
  EXPECT_EQ(run.exit, 70);
  expect_one_line(run);
  EXPECT_TRUE(mentions(run.err, "standard output: No space left on device")) << run.err;
}

TEST(FullDisk, ForStandardErrorLosesTheMessageAlone) {
  EXPECT_EQ(shell(kAttest + " check nosuchkernel 2>/dev/full").exit, 64);
  EXPECT_EQ(shell(kAttest + " check " + kRight + " 2>/dev/full").exit, 0);
}

// By a limit of 0 blocks, which every user may set: each write to a file fails, as on a full disk.
TEST(FullDisk, ForCaseFilesIsFoundBeforeTheRun) {
  const CommandRun run = shell("(ulimit -f 0; exec " + kAttest + " check " + kWrong + ") 2>&1 | cat >&2");
  expect_one_line(run);
  EXPECT_TRUE(mentions(run.err, "cannot write into")) << run.err;
}

// The folder fills up during the run: the space is enough for the test before it, and not for a case file.
TEST(FullDisk, ForCaseFilesDuringTheRunDoesNotLoseTheVerdict) {
  const std::string space = namespace_command();
  if (space.empty()) GTEST_SKIP() << "this user may not mount: the limits of file sizes stand for a disk";
  const CommandRun run = shell(
      space +
      " sh -c 'mkdir small; mount -t tmpfs -o size=4k none small && cd small && " ATTEST_BINARY " check " +
      kWrong + " --findings . --json report.json'");
  EXPECT_EQ(run.exit, 70) << run.out << run.err;
  EXPECT_TRUE(mentions(run.out, "DEFECTIVE")) << run.out;
  EXPECT_TRUE(mentions(run.err, "No space left on device")) << run.err;
}

TEST(SmallFiles, ThatAreAllThatIsAllowedAreToldByName) {
  const CommandRun run = shell("(ulimit -f 100; exec " + kAttest + " check " + kRight + " --quiet)");
  EXPECT_EQ(run.exit, 70) << run.out << run.err;
  expect_one_line(run);
  EXPECT_TRUE(mentions(run.err, "ulimit -f")) << run.err;
}

// Tensors lie in memory without a name, and nothing else is shared.
TEST(FullSharedMemory, IsNotUsed) {
  const CommandRun run =
      shell(kAttest + " check " + test_kernel("tiled_f32") +
            ":hangs --time-limit 3 --cases 1 --quiet >/dev/null & tool=$!; sleep 1; "
            "for process in $tool $(cat /proc/$tool/task/*/children); do ls -l /proc/$process/fd; cat "
            "/proc/$process/maps; done; kill $tool; wait $tool");
  EXPECT_TRUE(mentions(run.out, "memfd:tensors")) << run.out << run.err;
  EXPECT_FALSE(mentions(run.out, "/dev/shm")) << run.out;
}

TEST(FullSharedMemory, ChangesNothing) {
  const std::string space = namespace_command();
  if (space.empty()) GTEST_SKIP() << "this user may not mount; FullSharedMemory.IsNotUsed asks otherwise";
  const CommandRun run = shell(space +
                               " sh -c 'mount -t tmpfs -o size=4k none /dev/shm && head -c 8192 /dev/zero "
                               ">/dev/shm/full; test -s /dev/shm/full && " ATTEST_BINARY " check " +
                               kRight + " --quiet'");
  EXPECT_EQ(run.exit, 0) << run.err;
  EXPECT_TRUE(mentions(run.out, "CONFORMING")) << run.out;
}

// In a shell: this many processes and threads more than the user has.
std::string beyond_own(int more) {
  return "$(($(awk -v user=$(id -u) '/^Uid:/ { mine = $2 == user } /^Threads:/ { if (mine) n += $2 } END { "
         "print n }' "
         "/proc/[0-9]*/status 2>/dev/null) + " +
         std::to_string(more) + "))";
}

// Root has no such limit, so it becomes another user, who finds copies of both files in an open folder.
TEST(FewProcesses, AreEnoughOrGetOneLine) {
  const bool root = ::geteuid() == 0;
  const std::string become =
      root ? "chmod 777 .; setpriv --reuid 65534 --regid 65534 --clear-groups env TMPDIR=/tmp " : "";
  int failed = 0;
  int worked = 0;
  for (const int more : {1, 2, 3, 4, 6, 40}) {
    // Threads of the same user count.
    const std::string limit = root ? std::to_string(more) : beyond_own(more);
    const CommandRun run =
        shell("cp " ATTEST_BINARY " attest; cp " + test_kernel("tiled_f32") + " k.so; " + become +
              "bash -c \"ulimit -u " + limit + "; exec ./attest check ./k.so:correct --cases 24 --quiet\"");
    if (run.exit == 0) {
      EXPECT_TRUE(mentions(run.out, "CONFORMING")) << run.out;
      ++worked;
      continue;
    }
    EXPECT_EQ(run.exit, 70) << more << ": " << run.out << run.err;
    expect_one_line(run);
    EXPECT_TRUE(mentions(run.err, "Resource temporarily unavailable")) << run.err;
    ++failed;
  }
  EXPECT_GT(failed, 0) << "the limit held nothing back";
  EXPECT_GT(worked, 0);
}

// Longer than a call may take.
TEST(Stopped, AndContinuedChangesNothing) {
  for (const char* kernel : {":correct", ":rescale_missing"}) {
    const CommandRun run =
        shell(kAttest + " check " + test_kernel("tiled_f32") + kernel +
              " --cases 600 --time-limit 1 --quiet --json report.json & tool=$!; sleep 0.3; "
              "kill -STOP $tool || exit 99; sleep 1.5; kill -CONT $tool; wait $tool; code=$?; grep -c "
              "'\"kind\": \"timeout\"' report.json; exit $code");
    const bool right = std::string(kernel) == ":correct";
    EXPECT_EQ(run.exit, right ? 0 : 1) << run.out << run.err;
    EXPECT_TRUE(mentions(run.out, right ? "CONFORMING" : "DEFECTIVE")) << run.out;
    EXPECT_TRUE(mentions(run.out, "\n0\n")) << run.out;
    EXPECT_EQ(run.err, "");
  }
}

}  // namespace
}  // namespace attest::cli
