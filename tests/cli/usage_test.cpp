// Bad input: one clear line on standard error, exit 64, nothing on standard output.
#include <algorithm>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

void expect_usage_error(const std::string& arguments, const std::string& says) {
  const CommandRun run = attest_command(arguments);
  EXPECT_EQ(run.exit, 64) << arguments;
  EXPECT_EQ(run.out, "") << arguments;
  EXPECT_EQ(lines_of(run.err), 1) << arguments << "\n" << run.err;
  EXPECT_LT(run.err.size(), 200U) << run.err;
  EXPECT_EQ(run.err.rfind("attest: ", 0), 0U) << run.err;
  EXPECT_NE(run.err.find(says), std::string::npos) << arguments << "\n" << run.err;
}

TEST(Usage, AMissingLibraryIsNamed) { expect_usage_error("check ./nowhere.so", "nowhere.so"); }

TEST(Usage, AnUnknownKernelNamesTheOneThatIsMeantOrTheOnesThereAre) {
  expect_usage_error("check onednnn", "there is no kernel 'onednnn'; did you mean onednn");
  expect_usage_error("check nosuch", "no built-in kernel (onednn, onnxruntime, ggml)");
  expect_usage_error("check " + std::string(20'000, 'x'), "no built-in kernel");
}

TEST(Usage, ACommandThatThereIsNotIsNamedAtOnce) {
  expect_usage_error("check 'exec:no-such-program {in} {out}'", "there is no command 'no-such-program'");
  expect_usage_error("check 'exec:X=1 ./nowhere.py {in} {out}'", "there is no file ./nowhere.py");
  expect_usage_error("check 'exec:/etc/passwd {in} {out}'", "/etc/passwd is not executable");
}

TEST(Usage, ALibraryWithoutTheSymbolListsWhatItExports) {
  expect_usage_error("check " + test_kernel("two_symbols"), "has no symbol attest_kernel_forward");
  expect_usage_error("check " + test_kernel("tiled") + ":nothing", "correct");
  expect_usage_error("check " + test_kernel("echo") + ":nothing", "attest_kernel_forward");
}

TEST(Usage, AFileThatIsNoLibraryIsSaidToBeNone) {
  expect_usage_error("check " ATTEST_SOURCE_DIR "/README.md:x", "README.md");
  expect_usage_error("check /dev/null", "/dev/null");
}

TEST(Usage, AWrongFlagCommandOrValueIsNamed) {
  expect_usage_error("check onednn --effrot ci", "--effrot");
  expect_usage_error("chekc onednn", "there is no command 'chekc' (did you mean check)");
  expect_usage_error("", "subcommand");
  expect_usage_error("check", "KERNEL");
  expect_usage_error("check onednn --effort huge", "'huge' is not quick, ci or deep");
  expect_usage_error("check onednn --seed x", "--seed");
  expect_usage_error("check onednn --budget -1", "--budget: '-1' is not a number of seconds above 0");
  expect_usage_error("check onednn --budget soon", "'soon' is not a number of seconds");
  expect_usage_error("check onednn --rows -1", "--rows");
  expect_usage_error("check onednn --layout bthd", "--layout applies to captures and commands");
  expect_usage_error("check 'exec:cp {in} {out}' --layout thd", "must be bhtd or bthd");
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
  expect_usage_error("check onednn --json /dev/full", "--json: cannot write /dev/full: No space left");
  expect_usage_error("check onednn --json .", "--json: cannot write .: Is a directory");
  expect_usage_error("check onednn --json nowhere/x.json", "No such file or directory");
  expect_usage_error("check onednn --findings /dev/null/found", "--findings: cannot create /dev/null/found");
  expect_usage_error("check onednn --findings /proc", "--findings: cannot write into /proc");
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

// Who may not write into the build folder runs what is there.
TEST(Usage, AnotherUserRunsWhatIsBuilt) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  const CommandRun run = attest_command(
      "--version >/dev/null; exec setpriv --reuid=65534 --regid=65534 --clear-groups " ATTEST_SOURCE_DIR
      "/attest --version");
  EXPECT_EQ(run.exit, 0) << run.err;
  EXPECT_EQ(run.out.rfind("attest ", 0), 0U) << run.out << run.err;
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
