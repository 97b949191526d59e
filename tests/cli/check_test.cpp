// `attest check` end to end on shared libraries with and without a one-place fault, one dtype at a time.
#include <cmath>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

class PerDtype : public testing::TestWithParam<std::string> {
 protected:
  static std::string kernel(const std::string& symbol) {
    return test_kernel("tiled_" + GetParam()) + ":" + symbol;
  }
};

TEST_P(PerDtype, TheCorrectKernelIsConforming) {
  const auto json = attest_json("check " + kernel("correct"), 0);
  const auto& report = json["kernels"][0];
  EXPECT_EQ(report["verdict"], "conforming");
  EXPECT_TRUE(report["contract_declared"].get<bool>());
  EXPECT_GT(report["cases"].get<int>(), 100);
  EXPECT_GT(report["outputs"].get<int>(), 10000);
  EXPECT_GE(report["informative"].get<double>() / report["outputs"].get<double>(), 0.95);
  EXPECT_LE(report["max_bound_ratio"].get<double>(), 1.0);
  EXPECT_GT(report["max_bound_ratio"].get<double>(), 0.0);
  const auto& tiers = report["rows_by_tier"];
  EXPECT_EQ(tiers.size(), 4U);
  EXPECT_GT(tiers["exact"].get<int>(), 0);
  EXPECT_GT(tiers["f64"].get<int>(), 1000);
  EXPECT_LT(tiers["double-double"].get<int>() + tiers["interval"].get<int>(), tiers["f64"].get<int>());
  EXPECT_GT(report["memory"]["stack_bytes"].get<int>(), 1000);
  EXPECT_GE(report["memory"]["heap_bytes"].get<int>(), 0);
}

TEST_P(PerDtype, EachOnePlaceFaultIsDefectiveWithAHandfulOfKeys) {
  for (const char* fault : {"mask_one_key_too_far", "rescale_missing", "nan_on_empty_row"}) {
    const auto json = attest_json(std::string("check ") + kernel(fault), 1);
    const auto& report = json["kernels"][0];
    EXPECT_EQ(report["verdict"], "defective") << fault;
    ASSERT_FALSE(report["findings"].empty()) << fault;
    const auto& smallest = report["findings"][0]["case"];
    // The kernel's own tile is the floor: a fault at a tile's edge needs a tile and one key.
    EXPECT_LE(smallest["shape"]["kv_len"].get<int>(), 10) << fault << "\n" << smallest.dump(2);
    EXPECT_LE(smallest["shape"]["q_len"].get<int>(), 3) << fault << "\n" << smallest.dump(2);
    EXPECT_LE(report["findings"].size(), 6U) << fault;
  }
}

INSTANTIATE_TEST_SUITE_P(Dtypes, PerDtype, testing::Values("f32", "f16", "bf16"));

// No bound and no law is broken: only the noise of all outputs together tells.
TEST(Check, AKernelWhoseErrorsAreNoRoundingIsSuspect) {
  // A contract that permits less of an exponential permits less of a lean.
  const auto json = attest_json("check " + test_kernel("truncating") + " --contract 'f32;exp_rel=6.1e-8'", 2);
  const auto& report = json["kernels"][0];
  EXPECT_EQ(report["verdict"], "suspect");
  EXPECT_TRUE(report["findings"].empty());
  EXPECT_LE(report["max_bound_ratio"].get<double>(), 1);
  const auto& alarm = report["alarm"];
  // Truncation makes every output a little smaller, which shows with any seed; how far a single one is off
  // depends on the problems: 5 to 37 sigmas with seeds 1 to 5.
  EXPECT_LT(alarm["biases"]["out away from zero"].get<double>(), -alarm["bias_threshold"].get<double>());
  ASSERT_FALSE(alarm["suspicions"].empty());
  EXPECT_NE(alarm["suspicions"][0].get<std::string>().find("sigmas of rounding noise"), std::string::npos);
}

TEST(Check, TheFaultOfAnEmptyRowIsNamedNan) {
  const auto json = attest_json("check " + test_kernel("tiled") + ":nan_on_empty_row", 1);
  EXPECT_EQ(json["kernels"][0]["findings"][0]["kind"], "nan");
}

TEST(Check, SaysWhatAKernelAcceptsAndFailsWhereThatIsLessThanRequired) {
  const std::string kernel = "check " + test_kernel("tiled_f32") + ":correct";
  const auto taken = attest_json(kernel + " --require f32,causal,head-dim:128", 0)["kernels"][0];
  EXPECT_EQ(taken["accepts"]["dtypes"], nlohmann::json::array({"f32"}));
  EXPECT_GT(taken["accepts"]["calls"].get<int>(), 50);
  EXPECT_LT(taken["accepts"]["calls"].get<int>(), 400);
  EXPECT_EQ(taken["not_examined"], nlohmann::json::array());
  const auto refused = attest_json(kernel + " --require bf16,causal", 1)["kernels"][0];
  ASSERT_EQ(refused["findings"].size(), 1U) << refused["findings"].dump(1);
  EXPECT_EQ(refused["findings"][0]["law"], "required");
  EXPECT_EQ(refused["findings"][0]["kind"], "declined");
  EXPECT_EQ(refused["findings"][0]["case"]["dtype"]["q"], "bf16");
}

// Six libraries whose values are right: each has its finding, and the run completes.
TEST(Check, HostileLibrariesAreFindingsAndTheRunGoesOn) {
  const std::vector<std::pair<std::string, std::string>> kinds{
      {"crashes", "crash"},         {"hangs", "timeout"},         {"overruns", "memory"},
      {"mutates", "input-mutated"}, {"remembers", "wrong-value"}, {"uninitialised", "uninitialised"}};
  std::string libraries;
  for (const auto& [name, kind] : kinds) libraries += " " + test_kernel("hostile_" + name);
  const auto json = attest_json("check --time-limit 0.5" + libraries, 1);
  ASSERT_EQ(json["kernels"].size(), kinds.size());
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const auto& report = json["kernels"][i];
    EXPECT_EQ(report["verdict"], "defective") << kinds[i].first;
    ASSERT_EQ(report["findings"].size(), 1U) << kinds[i].first << report["findings"].dump(1);
    EXPECT_EQ(report["findings"][0]["kind"], kinds[i].second) << kinds[i].first;
    EXPECT_LE(report["findings"][0]["case"]["shape"]["kv_len"].get<int>(), 3) << kinds[i].first;
  }
}

TEST(Check, ANullDereferenceIsAFindingNotTheEnd) {
  const auto json = attest_json("check " + test_kernel("tiled") + ":null_dereference", 1);
  const auto& report = json["kernels"][0];
  EXPECT_EQ(report["verdict"], "defective");
  EXPECT_EQ(report["findings"][0]["kind"], "crash");
  EXPECT_NE(report["findings"][0]["summary"].get<std::string>().find("signal 11"), std::string::npos);
  EXPECT_GT(report["cases"].get<int>(), 1) << "the campaign goes on after a crash";
}

TEST(Check, AHangIsATimeoutFinding) {
  const auto json = attest_json("check " + test_kernel("tiled") + ":hangs --time-limit 0.2 --budget 20", 1);
  EXPECT_EQ(json["kernels"][0]["findings"][0]["kind"], "timeout");
}

TEST(Check, OutputOfTheKernelDoesNotMixWithTheReport) {
  const auto json = attest_json("check " + test_kernel("tiled") + ":writes_stdout", 0);
  EXPECT_EQ(json["kernels"][0]["verdict"], "conforming");
}

TEST(Check, AContractThatTheKernelDoesNotKeepIsViolated) {
  // The kernel sums in f32; f64 sums are claimed, which leaves the rounding of the output alone.
  const auto json = attest_json("check " + test_kernel("tiled_f32") +
                                    ":correct --contract 'f32;accumulate_score=f64;accumulate_numerator=f64;"
                                    "accumulate_denominator=f64;exp_rel=0'",
                                1);
  EXPECT_EQ(json["kernels"][0]["verdict"], "defective");
  EXPECT_GT(json["kernels"][0]["max_bound_ratio"].get<double>(), 1.0);
}

TEST(Check, AContractForOtherTypesIsAUsageErrorBeforeAnythingRuns) {
  const CommandRun run = attest_command("check " + test_kernel("tiled_f16") + ":correct --contract f64");
  EXPECT_EQ(run.exit, 64);
  EXPECT_NE(run.err.find("--contract: f64 fits no dtype that"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("which are f16 (preset flash-f16 | unfused-f16)"), std::string::npos) << run.err;
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(lines_of(run.err), 1);
}

// A kernel whose values past kv_lens have the weight 0: what NaN there makes of it is a matter of its
// contract.
TEST(Check, NanPastKvLensIsADefectUnlessTheContractDeclaresAMask) {
  const std::string kernel = std::string(ATTEST_FAULTS_LIBRARY) + ":tail_values_read";
  const auto strict = attest_json("check " + kernel, 1)["kernels"][0];
  ASSERT_EQ(strict["findings"].size(), 1U) << strict["findings"].dump(1);
  EXPECT_EQ(strict["findings"][0]["law"], "poison");
  const auto masked =
      attest_json("check " + kernel +
                      " --contract 'f64;key_block=16;kv_lens=mask|f32;key_block=16;kv_lens=mask|"
                      "flash-bf16;key_block=16;probability=none;kv_lens=mask|"
                      "flash-f16;key_block=16;probability=none;kv_lens=mask'",
                  0)["kernels"][0];
  EXPECT_EQ(masked["laws"]["poison"]["status"], "held");
  const std::string note = "NaN at and past kv_lens reaches the output (documented: contract kv_lens=mask)";
  EXPECT_GT(masked["laws"]["poison"]["notes"][note].get<int>(), 0) << masked["laws"]["poison"].dump(1);
}

// What differs from run to run: times, and the pages that the machine gave.
nlohmann::json without_costs(nlohmann::json json) {
  for (auto& kernel : json["kernels"]) {
    EXPECT_FALSE(kernel["stopped_early"].get<bool>());
    kernel.erase("seconds");
    kernel.erase("memory");
  }
  return json;
}

TEST(Check, TheSameSeedGivesTheSameReportWhileOtherProcessesTakeTheProcessors) {
  const std::string command =
      "check " + test_kernel("tiled_f32") + ":mask_one_key_too_far --seed 3 --cases 40 --budget 300";
  const auto alone = without_costs(attest_json(command, 1));
  std::vector<std::jthread> busy;
  for (unsigned n = 0; n < 2 * std::thread::hardware_concurrency(); ++n)
    busy.emplace_back([](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
      }
    });
  EXPECT_EQ(without_costs(attest_json(command, 1)), alone);
}

TEST(Check, TheSameSeedGivesTheSameReportOnAnyNumberOfThreads) {
  const std::string kernels = test_kernel("tiled_f32") + ":mask_one_key_too_far " + test_kernel("tiled_f16") +
                              ":correct " + "onednn:linear-softcap ggml:f16-prec-f32";
  const auto one = attest_json("check " + kernels + " --seed 5 --jobs 1 --budget 300", 1);
  const auto two = attest_json("check " + kernels + " --seed 5 --jobs 2 --budget 300", 1);
  EXPECT_EQ(without_costs(one), without_costs(two));
}

TEST(Check, SaysBeyondHowManyKeysAContractCannotHold) {
  const std::string sequential = " --quiet --contract 'f32;accumulate_denominator.order=sequential'";
  const auto json = attest_json("check " + test_kernel("tiled_f32") + ":correct" + sequential, 0);
  EXPECT_EQ(json["kernels"][0]["contract_saturates_at_keys"], 1 << 24);
}

TEST(Check, AFindingIsReplayedFromItsFileWithTheSameNumbers) {
  const CommandRun run = attest_command("check " + test_kernel("tiled_f32") +
                                        ":rescale_missing --quiet --findings found; "
                                        "'" ATTEST_BINARY
                                        "' replay found/*-1.json --json replay.json; echo exit $?; "
                                        "'" ATTEST_BINARY "' replay found/*-1.json --quiet --kernel " +
                                        test_kernel("tiled_f32") + ":correct; echo exit $?; true");
  EXPECT_NE(run.out.find("BROKEN   same numbers as in the file\nexit 1"), std::string::npos)
      << run.out << run.err;
  EXPECT_NE(run.out.find("HELD   the law holds for this case\nexit 0"), std::string::npos)
      << run.out << run.err;
}

TEST(Check, AFindingIsReplayedFromAnyFolder) {
  const CommandRun run =
      attest_command("--version >/dev/null; mkdir -p a b; cp " + test_kernel("tiled_f32") +
                     " a/k.so; cd a; '" ATTEST_BINARY
                     "' check ./k.so:rescale_missing --quiet --findings ../b/found; grep '\"kernel\"' "
                     "../b/found/*-1.json; cd "
                     "/; '" ATTEST_BINARY "' replay \"$OLDPWD\"/../b/found/*-1.json --quiet; echo exit $?");
  EXPECT_NE(run.out.find("\"kernel\": \"../../a/k.so:rescale_missing\""), std::string::npos)
      << run.out << run.err;
  EXPECT_NE(run.out.find("BROKEN   same numbers as in the file\nexit 1"), std::string::npos)
      << run.out << run.err;
}

}  // namespace
}  // namespace attest::cli
