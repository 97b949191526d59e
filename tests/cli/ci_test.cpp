// Outputs for CI systems, and a baseline, on the command line.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

std::string fresh_path(const std::string& name) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / ("attest-ci-" + name);
  std::filesystem::remove(path);
  return path.string();
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

const char* const kCheck = " --effort quick --cases 120 --quiet ";

TEST(Ci, WritesWhatDashboardsRead) {
  const std::string junit = fresh_path("j.xml");
  const std::string sarif = fresh_path("s.sarif");
  const CommandRun run = attest_command("check " + test_kernel("tiled") + ":mask_one_key_too_far" + kCheck +
                                        "--github --junit " + junit + " --sarif " + sarif);
  EXPECT_EQ(run.exit, 1) << run.err;
  EXPECT_NE(run.out.find("::error title=attest%3A "), std::string::npos) << run.out;
  EXPECT_NE(contents(junit).find("<testcase classname=\"tiled.so:mask_one_key_too_far\" name=\"causality\""),
            std::string::npos);
  const auto json = nlohmann::json::parse(contents(sarif));
  EXPECT_EQ(json["runs"][0]["results"].size(), 1U);
}

TEST(Ci, AFileThatCannotBeWrittenIsSaidBeforeAnythingRuns) {
  for (const std::string option : {"--junit", "--sarif"}) {
    const CommandRun run =
        attest_command("check " + test_kernel("tiled") + ":correct " + option + " /nonexistent/x");
    EXPECT_EQ(run.exit, 64);
    EXPECT_EQ(lines_of(run.err), 1) << run.err;
  }
}

TEST(Ci, ABaselineAcceptsWhatItHoldsWhateverTheSeed) {
  const std::string kernel = test_kernel("tiled") + ":mask_one_key_too_far";
  const std::string baseline = fresh_path("baseline.json");
  EXPECT_EQ(attest_command("check " + kernel + kCheck + "--json " + baseline).exit, 1);
  const auto again = attest_json("check " + kernel + kCheck + "--seed 2 --baseline " + baseline, 0);
  EXPECT_EQ(again["kernels"][0]["verdict"], "defective");
  EXPECT_EQ(again["baseline"]["accepted"].size(), 1U);
  EXPECT_TRUE(again["baseline"]["new"].empty());
  EXPECT_TRUE(again["baseline"]["vanished"].empty());
  const auto other = attest_json(
      "check " + test_kernel("tiled") + ":rescale_missing" + kCheck + "--baseline " + baseline, 1);
  EXPECT_EQ(other["baseline"]["new"].size(), 1U);
}

TEST(Ci, ABadBaselineIsOneLine) {
  const std::string bad = fresh_path("bad.json");
  std::ofstream(bad) << "{}";
  for (const std::string& path : {bad, std::string("/nonexistent.json")}) {
    const CommandRun run = attest_command("check " + test_kernel("tiled") + ":correct --baseline " + path);
    EXPECT_EQ(run.exit, 64) << path;
    EXPECT_EQ(run.out, "");
    EXPECT_EQ(lines_of(run.err), 1) << run.err;
  }
}

}  // namespace
}  // namespace attest::cli
