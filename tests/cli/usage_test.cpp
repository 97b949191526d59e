// Bad input: one clear line on standard error, exit 64, nothing on standard output.
#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

void expect_usage_error(const std::string& arguments, const std::string& says) {
  const CommandRun run = attest_command(arguments);
  EXPECT_EQ(run.exit, 64) << arguments;
  EXPECT_EQ(run.out, "") << arguments;
  EXPECT_EQ(lines_of(run.err), 1) << arguments << "\n" << run.err;
  EXPECT_EQ(run.err.rfind("attest: ", 0), 0U) << run.err;
  EXPECT_NE(run.err.find(says), std::string::npos) << arguments << "\n" << run.err;
}

TEST(Usage, AMissingLibraryIsNamed) { expect_usage_error("check ./nowhere.so", "nowhere.so"); }

TEST(Usage, AnUnknownKernelNamesTheOnesThereAre) { expect_usage_error("check onedn", "onednn"); }

TEST(Usage, ALibraryWithoutTheSymbolListsWhatItExports) {
  expect_usage_error("check " + test_kernel("two_symbols"), "has no symbol attest_kernel_forward");
  expect_usage_error("check " + test_kernel("tiled") + ":nothing", "correct");
}

TEST(Usage, AFileThatIsNoLibraryIsSaidToBeNone) {
  expect_usage_error("check " ATTEST_SOURCE_DIR "/README.md:x", "README.md");
  expect_usage_error("check /dev/null", "/dev/null");
}

TEST(Usage, AWrongFlagCommandOrValueIsNamed) {
  expect_usage_error("check onednn --effrot ci", "--effrot");
  expect_usage_error("chekc onednn", "chekc");
  expect_usage_error("", "subcommand");
  expect_usage_error("check", "KERNEL");
  expect_usage_error("check onednn --effort huge", "'huge' is not quick, ci or deep");
  expect_usage_error("check onednn --seed x", "--seed");
  expect_usage_error("check onednn --budget -3", "--budget");
  expect_usage_error("check onednn --contract f31", "no preset 'f31'");
  expect_usage_error("check onednn --contract 'f32;tau=x'", "tau");
  expect_usage_error("list", "WHAT");
  expect_usage_error("list nonsense", "nonsense");
}

TEST(Usage, ARequirementThatThereIsNotIsNamed) {
  for (const auto& [word, says] : {std::pair{"f17", "'f17' is not a dtype, feature or extent"},
                                   {"head-dim", "head-dim needs a number"},
                                   {"head-dim:0", "head-dim needs a number"},
                                   {"causal,,f16", "'' is not a dtype"}})
    expect_usage_error(std::string("check onednn --require ") + word, says);
}

TEST(Usage, AProofThatThereIsNotIsNamed) {
  expect_usage_error("prove merge-ad", "no theorem 'merge-ad'");
  expect_usage_error("prove --solver yices", "yices");
  expect_usage_error("prove a-two-sided --time-limit 0", "--time-limit");
  expect_usage_error("prove a-two-sided --time-limit nan", "--time-limit");
  expect_usage_error("prove a-two-sided --seed -1", "--seed");
  expect_usage_error("prove a-two-sided --seed 99999999999999999999", "--seed");
  expect_usage_error("prove a-two-sided --smt2 /dev/null/obligations", "/dev/null/obligations");
}

TEST(Usage, AnUnreadableCaseFileSaysWhatIsWrongWithIt) {
  expect_usage_error("replay nowhere.json", "nowhere.json");
  expect_usage_error("replay " ATTEST_SOURCE_DIR "/README.md", "README.md");
  expect_usage_error("replay /", "/");
  expect_usage_error("replay", "FILE");
}

TEST(Usage, AReportThatCannotBeWrittenIsAnInputError) {
  expect_usage_error("report --out /dev/null/reports", "/dev/null/reports");
  expect_usage_error("list laws --quiet --json /dev/null/x.json", "/dev/null/x.json");
}

TEST(Usage, HelpFitsAScreenAndShowsAnExample) {
  for (const char* command :
       {"", "check", "report", "replay", "list", "explain", "faults", "prove", "space", "capacity"}) {
    const CommandRun run = attest_command(std::string(command) + " --help");
    EXPECT_EQ(run.exit, 0) << command;
    EXPECT_LE(lines_of(run.out), 40) << run.out;
    EXPECT_NE(run.out.find("Example: attest "), std::string::npos) << run.out;
  }
}

TEST(Usage, TheVersionIsPrinted) {
  const CommandRun run = attest_command("--version");
  EXPECT_EQ(run.exit, 0);
  EXPECT_EQ(run.out.rfind("attest ", 0), 0U);
}

TEST(Usage, ListsExplainEveryName) {
  for (const char* what :
       {"laws", "contracts", "kernels", "families", "features", "faults", "forms", "semantics", "theorems"}) {
    const auto json = attest_json(std::string("list ") + what, 0);
    EXPECT_EQ(json["schema"], "attest.list/1");
    ASSERT_FALSE(json[what].empty());
    for (const auto& entry : json[what]) {
      EXPECT_NE(entry["name"], "");
      EXPECT_NE(entry["meaning"], "");
      EXPECT_NE(entry["meaning"], entry["name"]);
    }
  }
}

bool lists(const std::string& what, const std::string& name) {
  const auto json = attest_json("list " + what, 0);
  return std::any_of(json[what].begin(), json[what].end(),
                     [&](const auto& entry) { return entry["name"] == name; });
}

TEST(Usage, ListsHaveWhatReportsName) {
  EXPECT_TRUE(lists("laws", "required"));
  EXPECT_TRUE(lists("features", "scale 0"));
  EXPECT_TRUE(lists("features", "k and v in another dtype than q"));
  const std::string faults = attest_command("list faults").out;
  EXPECT_EQ(faults.find("(21d)"), std::string::npos);
  const std::string help = attest_command("check --help").out;
  for (const char* placeholder : {"{in}", "{out}", "{in_dir}", "{out_dir}"})
    EXPECT_NE(help.find(placeholder), std::string::npos) << placeholder;
}

TEST(Usage, EveryListedNameIsExplained) {
  for (const char* what : {"laws", "features", "faults", "contracts"}) {
    const auto json = attest_json(std::string("list ") + what, 0);
    const auto& first = json[what].front();
    const auto& last = json[what].back();
    for (const auto& entry : {first, last}) {
      const std::string name = entry["name"];
      const auto explained = attest_json("explain '" + name + "'", 0);
      const auto& meanings = explained["meanings"];
      EXPECT_TRUE(std::any_of(meanings.begin(), meanings.end(), [&](const auto& each) {
        return each["meaning"] == entry["meaning"];
      })) << name;
    }
  }
  EXPECT_NE(attest_command("explain mistrusted").out.find("mistrusted (verdict): nothing wrong"),
            std::string::npos);
  EXPECT_NE(attest_command("explain wrong-value").out.find("(kind of finding)"), std::string::npos);
  const std::string bias = attest_json("explain 'bias of -inf'", 0)["meanings"][0]["meaning"];
  EXPECT_NE(bias.find("(--require masking-bias)"), std::string::npos) << bias;
}

TEST(Usage, AnUnknownNameHasASuggestion) {
  expect_usage_error("explain definiton", "did you mean definition?");
  expect_usage_error("explain causal_key_ahaed", "did you mean causal_key_ahead?");
  expect_usage_error("explain xyzzyplugh", "see attest list --help");
}

}  // namespace
}  // namespace attest::cli
