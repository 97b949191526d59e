// Inferred contracts and tolerances on the command line.
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "command_line.hpp"

namespace attest::cli {
namespace {

TEST(Tolerance, PrintsATolerancePairAndComparesGivenOnes) {
  const CommandRun run = attest_command("tolerance --shape 'b1 h2 q8 k32 d16' --atol 1 --json -");
  EXPECT_EQ(run.exit, 0) << run.err;
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json["schema"], "attest.tolerance/1");
  EXPECT_EQ(json["contract"], "f32");
  EXPECT_GT(json["atol"].get<double>(), 0);
  EXPECT_LT(json["atol"].get<double>(), 1e-3);
  EXPECT_EQ(json["tolerances"][0]["name"], "given");
  EXPECT_EQ(json["tolerances"][0]["share_below_bound"], 0);
  EXPECT_EQ(json["tolerances"][1]["name"], "torch.testing");
}

// Sums of 100,000 keys in f16 may be off by as much as they are.
TEST(Tolerance, NoneFollowsWhereNoOutputHasABound) {
  const std::string query =
      "tolerance --shape 'b1 h1 q2 k100000 d16' --dtype f16 --draws 1 --rows 2 "
      "--contract 'flash-f16;accumulate_numerator=f16;accumulate_denominator=f16'";
  const CommandRun text = attest_command(query);
  EXPECT_EQ(text.exit, 2) << text.err;
  EXPECT_NE(text.out.find("no tolerance follows: nearly any output would be within the bound\n"),
            std::string::npos)
      << text.out;
  EXPECT_EQ(text.out.find("atol"), std::string::npos) << text.out;
  const CommandRun run = attest_command(query + " --json -");
  EXPECT_EQ(run.exit, 2) << run.err;
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_FALSE(json.contains("atol"));
  EXPECT_FALSE(json.contains("tolerances"));
  EXPECT_GT(json["without_bound"], 0);
}

TEST(Tolerance, ABadShapeIsOneLine) {
  for (const std::string arguments :
       {"--shape 'b1 x2'", "--shape 'b0'", "--shape 'h3/2'", "--shape 'q4 k4 d4' --dtype f8",
        "--shape 'q4 k4 d4' --dtype f32 --contract flash-bf16"}) {
    const CommandRun run = attest_command("tolerance " + arguments);
    EXPECT_EQ(run.exit, 64) << arguments;
    EXPECT_EQ(run.out, "");
    EXPECT_EQ(lines_of(run.err), 1) << run.err;
  }
}

TEST(Infer, PrintsTheContractToDeclare) {
  const std::string kernel = std::string(ATTEST_FAULTS_LIBRARY) + ":exp_10_bits";
  const CommandRun run = attest_command("infer " + kernel + " --dtype f32 --cases 0 --json -");
  EXPECT_EQ(run.exit, 0) << run.err;
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json["schema"], "attest.infer/1");
  const auto& one = json["kernels"][0];
  EXPECT_EQ(one["dtype"]["q"], "f32");
  EXPECT_TRUE(one["answered"]);
  EXPECT_TRUE(one["verdict"].is_null());
  const std::string contract = one["contract"];
  EXPECT_EQ(contract.rfind("f32;", 0), 0) << contract;
  EXPECT_NE(contract.find("exp_rel=0.0008"), std::string::npos) << contract;
  EXPECT_NE(contract.find("key_block=16"), std::string::npos) << contract;
  const CommandRun text = attest_command("infer " + kernel + " --dtype f32 --cases 0");
  EXPECT_NE(text.out.find("--contract '" + contract + "'"), std::string::npos) << text.out;
}

TEST(Infer, BadInputIsOneLine) {
  for (const std::string arguments : {"", "nosuch", "onednn --dtype f8", "onednn --cases -1"}) {
    const CommandRun run = attest_command("infer " + arguments);
    EXPECT_EQ(run.exit, 64) << arguments;
    EXPECT_EQ(run.out, "") << arguments;
    EXPECT_EQ(lines_of(run.err), 1) << run.err;
  }
}

}  // namespace
}  // namespace attest::cli
