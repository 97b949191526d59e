// attest report: the whole of it, as the README's first command runs it.
#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "command_line.hpp"

namespace attest {
namespace {

TEST(ReportCommand, ProvesTestsAndChecksAndWritesOneSetOfFacts) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "attest-report";
  std::filesystem::remove_all(folder);
  const CommandRun run = attest_command("report --out " + folder.string());
  EXPECT_EQ(run.exit, 0) << run.out << run.err;
  EXPECT_NE(run.out.find("theorems proved"), std::string::npos) << run.out;
  EXPECT_TRUE(std::filesystem::exists(folder / "report.md"));
  const nlohmann::json json = nlohmann::json::parse(std::ifstream(folder / "report.json"));
  EXPECT_EQ(json["schema"], "attest.report/1");

  EXPECT_GE(json["proofs"]["theorems"].size(), 30U);
  for (const auto& theorem : json["proofs"]["theorems"]) {
    EXPECT_EQ(theorem["verdict"], "proved") << theorem["name"];
    EXPECT_EQ(theorem["twin"]["verdict"], "refuted") << theorem["name"];
    EXPECT_EQ(theorem["twin"]["replayed"], true) << theorem["name"];
    if (theorem["semantics"] == "z3_real") {
      EXPECT_EQ(theorem["solvers"]["cvc5"], "proved") << theorem["name"];
    }
  }

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
  EXPECT_FALSE(json["kernels"].empty());
}

}  // namespace
}  // namespace attest
