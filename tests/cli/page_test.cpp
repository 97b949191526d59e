// attest check --report: the page of a check, with its data.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(PageCommand, WritesThePageAndItsDataIntoANewFolder) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "attest-page" / "new";
  std::filesystem::remove_all(folder);
  const std::string arguments =
      "check " + test_kernel("tiled_f32") + ":rescale_missing --cases 40 --report '" + folder.string() + "'";
  const CommandRun run = attest_command(arguments);
  EXPECT_EQ(run.exit, 1) << run.err;
  EXPECT_NE(run.out.find("wrote " + (folder / "index.html").string() + "\n"), std::string::npos) << run.out;
  const nlohmann::json json = nlohmann::json::parse(text_of(folder / "report.json"));
  const nlohmann::json& kernel = json["kernels"][0];
  const nlohmann::json& finding = kernel["findings"][0];

  // The finding's result shows the wrong numbers of its smallest case.
  ASSERT_TRUE(finding["result"].is_object()) << finding.dump(2);
  const nlohmann::json& wrong = finding["result"]["wrong"];
  EXPECT_NE(std::find(wrong.begin(), wrong.end(), finding["elements"][0]["at"]), wrong.end())
      << finding.dump(2);
  std::int64_t counted = 0;
  double largest = 0;
  for (const auto& octave : kernel["bound_ratios"]) counted += octave["count"].get<std::int64_t>();
  for (const auto& length : kernel["by_length"])
    largest = std::max(
        largest, length["max_bound_ratio"].is_number() ? length["max_bound_ratio"].get<double>() : HUGE_VAL);
  EXPECT_GE(counted, kernel["informative"].get<std::int64_t>());
  EXPECT_EQ(largest,
            kernel["max_bound_ratio"].is_number() ? kernel["max_bound_ratio"].get<double>() : HUGE_VAL);

  const std::string page = text_of(folder / "index.html");
  EXPECT_EQ(page.rfind("<!DOCTYPE html>\n", 0), 0U);
  EXPECT_NE(page.find(">DEFECTIVE</span>"), std::string::npos);
  EXPECT_NE(page.find("class=\"wrong\""), std::string::npos);
  EXPECT_NE(page.find("<pre>attest check "), std::string::npos);
  EXPECT_NE(page.find(finding["replay"].get<std::string>()), std::string::npos);
}

TEST(PageCommand, QuotesTheCommandLineAsAShellReadsIt) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "attest-page" / "it's <new>";
  const CommandRun run =
      attest_command("check " + test_kernel("tiled_f32") + ":correct --cases 4 --report '" +
                     folder.parent_path().string() + "/it'\\''s <new>' --quiet");
  EXPECT_EQ(run.exit, 0) << run.err;
  EXPECT_NE(text_of(folder / "index.html").find("/it&#39;\\&#39;&#39;s &lt;new&gt;&#39; --quiet</pre>"),
            std::string::npos);
}

TEST(PageCommand, AFolderThatCannotBeIsAUsageError) {
  const CommandRun run = attest_command("check " + test_kernel("tiled_f32") + " --report /dev/null/x");
  EXPECT_EQ(run.exit, 64) << run.out;
  EXPECT_NE(run.err.find("--report"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace attest::cli
