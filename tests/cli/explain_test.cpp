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

}  // namespace
}  // namespace attest::cli
