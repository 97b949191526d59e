// `attest check` on Python functions, and --require-bitwise, end to end.
#include <string>

#include <gtest/gtest.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string kPython = " --python /usr/bin/python3 ";
const std::string kKernels = "py:" ATTEST_SOURCE_DIR "/tests/kernels/python/kernels.py:";

TEST(Python, ARightFunctionConforms) {
  const auto json = attest_json("check " + kKernels + "right --cases 40" + kPython, 0);
  const auto& kernel = json["kernels"][0];
  EXPECT_EQ(kernel["verdict"], "conforming");
  EXPECT_EQ(kernel["laws"]["repeat"]["bitwise"], true);
}

TEST(Python, AnExceptionIsAFindingThatReplays) {
  const CommandRun run = attest_command("check " + kKernels + "raises --cases 10" + kPython +
                                        "; '" ATTEST_BINARY "' replay findings/*.json" + kPython);
  EXPECT_TRUE(mentions(run.out, "threw an exception: ValueError: out of registers [kernels.py:")) << run.out;
  EXPECT_TRUE(mentions(run.out, "BROKEN   same numbers as in the file")) << run.out << run.err;
}

TEST(Python, AChangedInputIsAFinding) {
  const auto json = attest_json("check " + kKernels + "changes_q --cases 10" + kPython, 1);
  EXPECT_EQ(json["kernels"][0]["findings"][0]["kind"], "input-mutated");
}

TEST(Python, OptionsForOtherKernelsAreErrors) {
  EXPECT_TRUE(mentions(attest_command("check onednn --signature jax").err,
                       "--signature applies to Python functions (py:module:function); onednn is none"));
  EXPECT_TRUE(mentions(attest_command("check py:a:b --layout bthd").err, "--layout applies to captures"));
  EXPECT_EQ(attest_command("check py:no_such_module:f" + kPython).exit, 64);
}

TEST(Python, FamiliesAreListedByTheInterpreter) {
  const CommandRun run = attest_command("check jax --python /no/python3");
  EXPECT_EQ(run.exit, 64);
  EXPECT_TRUE(mentions(run.err, "the Python interpreter /no/python3 lists none")) << run.err;
}

const std::string kFaults = " '" ATTEST_FAULTS_LIBRARY "':";

TEST(RequireBitwise, FailsWhereBitsDiffer) {
  const auto json =
      attest_json("check --cases 40 --require-bitwise run,spelling" + kFaults + "alibi_by_position", 1);
  const auto& bits = json["kernels"][0]["required_bits"];
  EXPECT_EQ(bits[0]["law"], "repeat");
  EXPECT_EQ(bits[0]["equal"], true);
  EXPECT_EQ(bits[1]["law"], "spelling");
  EXPECT_EQ(bits[1]["equal"], false);
}

TEST(RequireBitwise, IsUndecidedWhereNoCaseShowsIt) {
  const CommandRun run =
      attest_command("check --cases 40 --require-bitwise threads" + kFaults + "alibi_by_position");
  EXPECT_EQ(run.exit, 2) << run.out;
  EXPECT_TRUE(mentions(run.out, "required bits: thread invariance: not shown: ")) << run.out;
}

TEST(RequireBitwise, IsAUsageErrorForAnotherWord) {
  const CommandRun run = attest_command("check --require-bitwise speed onednn");
  EXPECT_EQ(run.exit, 64);
  EXPECT_TRUE(
      mentions(run.err, "--require-bitwise: 'speed' is no law; there are batch, decode, chunk, threads, run"))
      << run.err;
}

}  // namespace
}  // namespace attest::cli
