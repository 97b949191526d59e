// Where a kernel crashed and what it printed, in every form of a report.
#include <string>

#include <gtest/gtest.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string kAborts = test_kernel("misbehaving") + ":aborts";

TEST(Crash, IsShownWithItsCallsAndPrints) {
  const CommandRun run = attest_command("check " + kAborts + " --cases 20");
  EXPECT_EQ(run.exit, 1) << run.err;
  EXPECT_TRUE(mentions(run.out, "\n  crashed     in libc.so")) << run.out;
  EXPECT_TRUE(mentions(run.out, "\n              called from aborts+0x")) << run.out;
  EXPECT_TRUE(mentions(run.out, "\n  printed     first line\n              scratch ?[31mexhausted\n"))
      << run.out;
}

TEST(Crash, IsInTheJsonReportWithItsAddress) {
  const auto report =
      attest_json("check " + test_kernel("tiled_f32") + ":null_dereference --cases 20 --quiet", 1);
  const auto& finding = report["kernels"][0]["findings"][0];
  EXPECT_EQ(finding["crash"]["address"], "0x0") << finding["crash"];
  EXPECT_TRUE(finding["crash"]["function"].is_string()) << finding["crash"];
  EXPECT_GE(finding["crash"]["calls"].size(), 1U);
  EXPECT_EQ(finding["printed"].size(), 0U);
}

TEST(Crash, OfAKernelThatOnlyComputesWronglyIsNull) {
  const auto report =
      attest_json("check " + test_kernel("tiled_f32") + ":rescale_missing --cases 40 --quiet", 1);
  EXPECT_TRUE(report["kernels"][0]["findings"][0]["crash"].is_null());
}

TEST(Crash, IsShownByReplayToo) {
  const CommandRun run = attest_command("check " + kAborts +
                                        " --cases 20 --quiet >/dev/null; '" ATTEST_BINARY
                                        "' replay findings/*.json --json replay.json; cat replay.json");
  EXPECT_TRUE(mentions(run.out, "\n  called from aborts+0x")) << run.out << run.err;
  EXPECT_TRUE(mentions(run.out, "\n  printed: scratch ?[31mexhausted\n")) << run.out;
  EXPECT_TRUE(mentions(run.out, "\"function\": \"aborts\"")) << run.out;
}

// The prints of the call, also where nothing crashes.
TEST(Prints, AreShownWithTheFindingOfAWrongValue) {
  const auto report = attest_json(
      "check " + test_kernel("misbehaving") + ":prints_without_ending_the_line --cases 20 --quiet", 1);
  const auto& printed = report["kernels"][0]["findings"][0]["printed"];
  ASSERT_EQ(printed.size(), 20U) << printed;
  EXPECT_EQ(printed[19], "tile 3");
  EXPECT_EQ(printed[18], "to stderr: ?[31mred?[0m");
}

}  // namespace
}  // namespace attest::cli
