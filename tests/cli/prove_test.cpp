// attest prove, as a user runs it.
#include <filesystem>

#include <gtest/gtest.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

TEST(ProveCommand, ShowsVerdictsTwinsAndCounterexamples) {
  const CommandRun run = attest_command("prove a-two-sided");
  EXPECT_EQ(run.exit, 0) << run.err;
  EXPECT_NE(run.out.find("a-two-sided  proved   proved   refuted, replayed"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("twin (P and Q in any order) fails 'upper + lower >= 2' at P = 0, Q = 2, e = 1/2"),
            std::string::npos)
      << run.out;
  EXPECT_NE(run.out.find("1 theorem proved, 1 twin refuted and replayed"), std::string::npos) << run.out;
  EXPECT_EQ(run.err, "");
}

TEST(ProveCommand, TakesAFamilyByTheStartOfItsNames) {
  const nlohmann::json json = attest_json("prove merge --solver z3", 0);
  EXPECT_EQ(json["schema"], "attest.prove/1");
  ASSERT_EQ(json["theorems"].size(), 4U);
  for (const auto& theorem : json["theorems"]) {
    EXPECT_EQ(theorem["name"].get<std::string>().rfind("merge-", 0), 0U);
    EXPECT_EQ(theorem["verdict"], "proved");
    EXPECT_EQ(theorem["solvers"]["z3"], "proved");
    EXPECT_TRUE(theorem["solvers"]["cvc5"].is_null());
    EXPECT_EQ(theorem["vacuity"], "satisfiable");
    EXPECT_EQ(theorem["twin"]["verdict"], "refuted");
    EXPECT_EQ(theorem["twin"]["replayed"], true);
    EXPECT_FALSE(theorem["twin"]["model"].empty());
    EXPECT_GT(theorem["seconds"], 0);
  }
}

TEST(ProveCommand, WritesObligationsThatBothSolversRead) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "attest-obligations";
  std::filesystem::remove_all(folder);
  ASSERT_EQ(attest_command("prove e1-end --quiet --smt2 " + folder.string()).exit, 0);
  EXPECT_TRUE(std::filesystem::exists(folder / "e1-end-01.smt2"));
  EXPECT_TRUE(std::filesystem::exists(folder / "e1-end-hypotheses.smt2"));
  EXPECT_TRUE(std::filesystem::exists(folder / "e1-end-twin-01.smt2"));
}

TEST(ProveCommand, CallsATimeoutUndecided) {
  // A second is too short for cvc5, and Z3 is not asked.
  const nlohmann::json json = attest_json("prove cell-wkv --solver cvc5 --time-limit 1", 2);
  EXPECT_EQ(json["theorems"][0]["verdict"], "timeout");
  EXPECT_TRUE(json["theorems"][0]["solvers"]["z3"].is_null());
}

}  // namespace
}  // namespace attest::cli
