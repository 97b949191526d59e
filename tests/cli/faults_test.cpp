// `attest faults`, and the library of faults as a user's kernel.
#include <algorithm>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

TEST(Faults, AreFoundAndNamed) {
  const auto json =
      attest_json("faults window_own_token tile_7 --dtype f32 --dtype bf16 --control-cases 30", 0);
  EXPECT_EQ(json["schema"], "attest.faults/1");
  ASSERT_EQ(json["faults"].size(), 2U);
  for (const auto& fault : json["faults"]) {
    EXPECT_EQ(fault["name"], "window_own_token");
    EXPECT_EQ(fault["number"], "4a");
    EXPECT_TRUE(fault["killed"].get<bool>());
    EXPECT_TRUE(fault["diagnosed"].get<bool>());
    EXPECT_GE(fault["cases_to_kill"].get<int>(), 1);
  }
  ASSERT_EQ(json["controls"].size(), 2U);
  EXPECT_EQ(json["controls"][0]["false_alarms"], 0);
  EXPECT_EQ(json["summary"]["killed"], 2);
}

TEST(Faults, PrintAPageOnlyOfTheStudiesThatItShows) {
  const CommandRun run = attest_command("faults zeros --markdown");
  EXPECT_EQ(run.exit, 64);
  EXPECT_EQ(run.err, "attest: --markdown needs --versus-peers or --resolution\n");
}

TEST(Faults, RefuseWhatAStudyWouldIgnore) {
  for (const auto& [line, says] : {
           std::pair("faults no_such_fault --versus-peers", "no fault or control is named 'no_such_fault'"),
           std::pair("faults narrow_decode --versus-peers", "no fault or control is named 'narrow_decode'"),
           std::pair("faults zeros --versus-peers --dtype f64", "none of these kernels runs in a type"),
           std::pair("faults zeros --resolution", "--resolution takes no NAME"),
           std::pair("faults --whole --versus-peers", "--whole excludes"),
       }) {
    const CommandRun run = attest_command(line);
    EXPECT_EQ(run.exit, 64) << line;
    EXPECT_EQ(run.out, "") << line;
    EXPECT_NE(run.err.find(says), std::string::npos) << run.err;
    EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << run.err;
  }
}

TEST(Faults, HaveALibraryWhoseFindingsNameThem) {
  const std::string library = ATTEST_FAULTS_LIBRARY;
  const auto json = attest_json("check " + library + ":causal_key_ahead --cases 100", 1);
  const auto& report = json["kernels"][0];
  EXPECT_TRUE(report["contract_declared"].get<bool>());
  ASSERT_FALSE(report["findings"].empty());
  const auto& diagnosis = report["findings"][0]["diagnosis"];
  ASSERT_FALSE(diagnosis.empty());
  EXPECT_EQ(diagnosis[0]["fault"], "causal_key_ahead");
  EXPECT_NEAR(diagnosis[0]["alpha"].get<double>(), 1, 0.05);
}

TEST(Faults, AreListedWithTheirMeaning) {
  const auto json = attest_json("list faults", 0);
  EXPECT_GT(json["faults"].size(), 50U);
  EXPECT_EQ(json["faults"][0]["name"], "zeros");
}

TEST(Faults, ListNarrowKernelsWithWhatTheyTake) {
  const auto json = attest_json("list faults", 0);
  std::string meaning;
  for (const auto& entry : json["faults"]) {
    if (entry["name"] == "narrow_decode") meaning = entry["meaning"];
  }
  EXPECT_EQ(meaning, "takes q_len 1 with kv_lens, head dims 128, bf16; control");
}

}  // namespace
}  // namespace attest::cli
