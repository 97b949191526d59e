// What becomes of a check whose outputs are lost, and of one that is interrupted.
#include <string>

#include <gtest/gtest.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string kWrongKernel = test_kernel("tiled_f32") + ":rescale_missing";
const std::string kWrong = kWrongKernel + " --cases 60";
const std::string kRight = test_kernel("tiled_f32") + ":correct";

TEST(Outputs, ThatCannotBeWrittenInTheEndDoNotLoseTheVerdict) {
  const CommandRun made =
      attest_command("--version >/dev/null; mkdir out; '" ATTEST_BINARY "' check " + kWrong +
                     " --findings found --json out/x.json & pid=$!; sleep 0.5; rm -rf out "
                     "found; touch found; wait $pid; exit $?");
  EXPECT_EQ(made.exit, 70) << made.out << made.err;
  EXPECT_TRUE(mentions(made.out, "DEFECTIVE")) << made.out;
  EXPECT_TRUE(mentions(made.err, "cannot write the case files of ")) << made.err;
  EXPECT_TRUE(mentions(made.err, "--json: cannot write out/x.json: No such file")) << made.err;
}

TEST(Outputs, LeaveNothingBehindWhenTheyAreTried) {
  const CommandRun run =
      attest_command("check " + kRight + " --findings a/b/c --json x.json --quiet --budget 0.2; ls");
  EXPECT_FALSE(mentions(run.out, "\na\n")) << run.out;
  EXPECT_TRUE(mentions(run.out, "x.json")) << run.out;
}

TEST(Outputs, OfTheSameKernelReplaceTheOldOnes) {
  const std::string check = "'" ATTEST_BINARY "' check ";
  const CommandRun run = attest_command(
      "check " + kWrong + " --quiet; ls findings; echo other; cp " + test_kernel("tiled_f32") + " copy.so; " +
      check +
      "./copy.so:rescale_missing --quiet --cases 60; cp findings/tiled_f32.so-rescale_missing-1.json theirs; "
      "sed -i 's/tiled_f32.so:/other.so:/' findings/tiled_f32.so-rescale_missing-1.json; " +
      check + kWrong +
      " --quiet; ls findings; grep -c other.so findings/tiled_f32.so-rescale_missing-1.json");
  EXPECT_TRUE(mentions(run.out, "tiled_f32.so-rescale_missing-1.json\n")) << run.out << run.err;
  EXPECT_TRUE(mentions(run.out, "tiled_f32.so-rescale_missing-2.json\n1\n")) << run.out << run.err;
  EXPECT_TRUE(mentions(run.out, "copy.so-rescale_missing-1.json\n")) << run.out;
}

TEST(Outputs, OfAKernelThatWasMendedAreRemoved) {
  const CommandRun run =
      attest_command("--version >/dev/null; cp " + test_kernel("tiled_f32") +
                     " k.so; '" ATTEST_BINARY
                     "' check ./k.so:rescale_missing --quiet --cases 60; ls findings; cat "
                     "findings/k.so-rescale_missing-1.json | "
                     "sed 's/rescale_missing/correct/' > findings/k.so-correct-1.json; '" ATTEST_BINARY
                     "' check ./k.so:correct --quiet --cases 60; ls findings");
  EXPECT_TRUE(mentions(run.out, "k.so-rescale_missing-1.json\n")) << run.out << run.err;
  EXPECT_FALSE(mentions(run.out, "k.so-correct-1.json")) << run.out << run.err;
}

// Interrupted after so long that the first case has failed, whatever the load of the machine.
CommandRun interrupted_with_a_finding(const std::string& signal) {
  CommandRun run;
  for (const char* seconds : {"2", "10", "60"}) {
    run = attest_command("--version >/dev/null; '" ATTEST_BINARY "' check " + kWrongKernel +
                         " --effort deep & pid=$!; sleep " + seconds + "; kill -" + signal +
                         " $pid; wait $pid; exit $?");
    if (mentions(run.out, "FINDING 1")) break;
  }
  return run;
}

TEST(Interrupt, PrintsWhatWasFoundAndExitsWith130) {
  for (const char* signal : {"INT", "TERM"}) {
    const CommandRun run = interrupted_with_a_finding(signal);
    EXPECT_EQ(run.exit, 130) << run.out << run.err;
    EXPECT_TRUE(mentions(run.out, "it was interrupted")) << run.out;
    EXPECT_TRUE(mentions(run.out, "FINDING 1")) << run.out;
    EXPECT_TRUE(mentions(run.out, "exit 130")) << run.out;
  }
}

TEST(Interrupt, WhileExploringGivesNoVerdictOnTheKernel) {
  const CommandRun run = attest_command("--version >/dev/null; '" ATTEST_BINARY
                                        "' check 'exec:sleep 0.2; cp {in} {out}' & pid=$!; sleep 1.5; kill "
                                        "-INT $pid; wait $pid; exit $?");
  EXPECT_EQ(run.exit, 130) << run.out << run.err;
  EXPECT_FALSE(mentions(run.out, "CONFORMING")) << run.out;
}

}  // namespace
}  // namespace attest::cli
