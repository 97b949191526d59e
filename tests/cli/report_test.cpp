// attest report: the whole of it, but for the number of kernels.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <gtest/gtest.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ReportCommand, ProvesTestsAndChecksAndWritesOneSetOfFacts) {
  // ./attest test page opens it in a browser.
  const auto folder = std::filesystem::path(ATTEST_BINARY).parent_path() / "page" / "report";
  std::filesystem::remove_all(folder);
  const CommandRun run = attest_command("report --no-coq --kernel onednn:sse41 --out " + folder.string());
  EXPECT_EQ(run.exit, 0) << run.out << run.err;
  EXPECT_NE(run.out.find("theorems proved"), std::string::npos) << run.out;
  EXPECT_LT(lines_of(text_of(folder / "report.md")), 300);
  const std::string page = text_of(folder / "index.html");
  for (const char* section :
       {"verdicts", "findings", "laws", "errors", "proofs", "forms", "space", "costs", "kernels", "versions"})
    EXPECT_NE(page.find(std::string("<section id=\"") + section + "\">"), std::string::npos) << section;
  // Growth by two kinds of inputs, the frontier, and the kernel's two.
  std::size_t charts = 0;
  for (std::size_t at = 0; (at = page.find("<svg viewBox=\"0 0 360", at)) != std::string::npos; ++at)
    ++charts;
  EXPECT_EQ(charts, 5U);
  const nlohmann::json json = nlohmann::json::parse(std::ifstream(folder / "report.json"));
  EXPECT_EQ(json["schema"], "attest.report/1");

  EXPECT_GE(json["proofs"]["theorems"].size(), 58U);
  int by_both = 0;
  for (const auto& theorem : json["proofs"]["theorems"]) {
    EXPECT_EQ(theorem["verdict"], "proved") << theorem["name"];
    EXPECT_TRUE(theorem["out_of_reach"].is_null()) << theorem["name"];
    EXPECT_EQ(theorem["twin"]["verdict"], "refuted") << theorem["name"];
    EXPECT_EQ(theorem["twin"]["replayed"], true) << theorem["name"];
    by_both += theorem["solvers"]["z3"] == "proved" && theorem["solvers"]["cvc5"] == "proved" ? 1 : 0;
    for (const char* solver : {"z3", "cvc5"})
      EXPECT_NE(theorem["solvers"][solver], "refuted") << theorem["name"];
  }
  EXPECT_GT(by_both, 30);

  std::map<std::string, int> cells;
  for (const auto& cell : json["forms"]["cells"]) {
    ++cells[cell["status"]];
    if (cell["status"] == "held") {
      EXPECT_GT(cell["cases"], 0) << cell;
    } else {
      EXPECT_FALSE(cell["why"].get<std::string>().empty()) << cell;
    }
  }
  EXPECT_GT(cells["held"], 1500);
  EXPECT_EQ(cells["violated"], 0);

  EXPECT_GT(json["error_growth"]["points"].size(), 500U);
  for (const auto& departure : json["error_growth"]["departures"]) {
    if (departure["semantics"] != "f32") {
      EXPECT_EQ(departure["denominator_exact_to"], departure["limit"]);
    }
  }
  EXPECT_EQ(json["kernels"].size(), 1U);
}

TEST(ReportCommand, AKernelThatCannotBeOpenedEndsItAtOnceAndLeavesOlderFilesAlone) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "attest-report-unopened";
  std::filesystem::create_directories(folder / "findings");
  std::ofstream(folder / "findings" / "older-1.json") << "{}";
  for (const char* kernel : {"no-such-kernel", "./no-such-library.so"}) {
    const CommandRun run =
        attest_command(std::string("report --no-coq --kernel ") + kernel + " --out " + folder.string());
    EXPECT_EQ(run.exit, 64) << run.out << run.err;
    EXPECT_EQ(lines_of(run.err), 1) << run.err;
    EXPECT_EQ(run.out.find("theorems proved"), std::string::npos) << run.out;
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "findings" / "older-1.json"));
}

}  // namespace
}  // namespace attest::cli
