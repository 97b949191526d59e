// attest space and attest capacity, as a user runs them.
#include <gtest/gtest.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

TEST(SpaceCommand, MeasuresEveryEvaluatorAndCertifiesConstantSpace) {
  const nlohmann::json json = attest_json(
      "space --layers 2 --length 12 --hidden 8 --q-heads 2 --kv-heads 1 --head-dim 4 --mlp-hidden 8", 0);
  EXPECT_EQ(json["schema"], "attest.space/1");
  ASSERT_EQ(json["certificates"].size(), 1U);
  EXPECT_EQ(json["certificates"][0]["holds"], true);
  EXPECT_EQ(json["certificates"][0]["lengths"], 64);
  EXPECT_EQ(json["certificates"][0]["heap_allocations"], 0);
  EXPECT_FALSE(json["certificates"][0]["twin"]["failures"].empty());
  const auto& recompute = json["evaluators"][0];
  EXPECT_EQ(recompute["name"], "full recomputation");
  EXPECT_EQ(recompute["length"], 12);
  EXPECT_EQ(recompute["working_words"], 2 * (8 + 2 * 8 + 2 * 2) + 2 * 4 + 8 + 8);
  EXPECT_EQ(recompute["formula_words"], recompute["working_words"]);
  EXPECT_EQ(recompute["leaf_evaluations"], 364);  // C(14, 3)
  EXPECT_EQ(recompute["closed_form"], 364);
  EXPECT_EQ(recompute["heap_allocations"], 0);
  EXPECT_GT(recompute["stack_bytes"], 0);
  EXPECT_EQ(recompute["tape_words"], 12);
  EXPECT_FALSE(json["frontier"].empty());
  EXPECT_EQ(json["flip_books"].size(), 7U);
}

TEST(SpaceCommand, ShowsItsTablesAndVerdict) {
  const CommandRun run = attest_command(
      "space --layers 1 --length 5 --hidden 4 --mlp-hidden 4 --q-heads 2 --kv-heads 1 --head-dim 2");
  EXPECT_EQ(run.exit, 0) << run.err;
  EXPECT_EQ(run.err, "");
  for (const char* text : {"full recomputation", "KV cache", "N (d + 2 H d_h + 2 H) + 2 H_kv d_h + d + MLP",
                           "fails, as it must", "read-only, read as often as needed", "RetNet", "exit 0"})
    EXPECT_NE(run.out.find(text), std::string::npos) << text << run.out;
}

TEST(SpaceCommand, RefusesWhatNoModelCanBe) {
  const auto refused = [](const std::string& arguments, const std::string& why) {
    const CommandRun run = attest_command("space " + arguments);
    EXPECT_EQ(run.exit, 64) << arguments;
    EXPECT_NE(run.err.find(why), std::string::npos) << run.err;
    EXPECT_EQ(lines_of(run.err), 1) << run.err;
  };
  refused("--q-heads 3 --kv-heads 2", "multiple of key heads");
  refused("--head-dim 3", "must be even");
  refused("--layers 0", "--layers");
  refused("--length -1", "--length");
  refused("--hidden 4096 --mlp-hidden 16384 --layers 256", "parameters is too large to measure");
}

TEST(SpaceCommand, FitsHowTheHeapOfAKernelGrows) {
  const auto exponent = [](const std::string& symbol) {
    const nlohmann::json json = attest_json("space --kernel " + test_kernel("memory_use") + ":" + symbol, 0);
    EXPECT_EQ(json["kernels"][0]["points"].size(), 5U);
    return json["kernels"][0]["exponent"];
  };
  EXPECT_NEAR(exponent("uses_linear_heap").get<double>(), 1, 0.1);
  EXPECT_NEAR(exponent("uses_quadratic_heap").get<double>(), 2, 0.1);
  EXPECT_TRUE(exponent("uses_constant_heap").is_null());
  EXPECT_EQ(attest_command("space --kernel " + test_kernel("crashes_on_load")).exit, 64);
}

TEST(SpaceCommand, DecodesATrainedModelInConstantSpace) {
  const nlohmann::json json = attest_json("space --generate 'And God'", 0)["generation"];
  EXPECT_EQ(json["characters"], 48);
  EXPECT_EQ(json["same_characters"], 48);
  EXPECT_EQ(json["same_rows"], 48);
  EXPECT_EQ(json["holds"], true);
  EXPECT_EQ(json["model"]["layers"], 3);
  const auto& cache = json["decoders"][0];
  const auto& constant = json["decoders"][1];
  EXPECT_EQ(cache["text"], constant["text"]);
  EXPECT_EQ(cache["text"].get<std::string>().size(), 48U);
  EXPECT_EQ(cache["leaf_evaluations"], 54);
  EXPECT_EQ(cache["working_words"], 2 * 3 * 54 * 32 + 200 + 240);
  EXPECT_EQ(constant["leaf_evaluations"], 394884);  // C(57, 4) - C(9, 4)
  EXPECT_EQ(constant["closed_form"], 394884);
  EXPECT_EQ(constant["working_words"], 3 * 200 + 64 + 240);
  EXPECT_EQ(constant["heap_allocations"], 0);
}

TEST(SpaceCommand, ShowsBothTexts) {
  const CommandRun run = attest_command("space --generate 'And God' --characters 16");
  EXPECT_EQ(run.exit, 0) << run.err;
  EXPECT_EQ(run.err, "");
  for (const char* text : {"KV cache\n  | And God", "constant space\n  | And God", "held-out perplexity",
                           "16 of 16 characters equal, 16 of 16 rows equal bit for bit", "exit 0"})
    EXPECT_NE(run.out.find(text), std::string::npos) << text << run.out;
}

TEST(SpaceCommand, RefusesWhatItCannotDecode) {
  const auto refused = [](const std::string& arguments, const std::string& why) {
    const CommandRun run = attest_command("space " + arguments);
    EXPECT_EQ(run.exit, 64) << arguments;
    EXPECT_NE(run.err.find(why), std::string::npos) << run.err;
    EXPECT_EQ(lines_of(run.err), 1) << run.err;
  };
  refused("--generate 'x = 2'", "does not support the character '='; it supports: \\n !");
  refused("--generate ''", "at least one character");
  refused("--generate 'And' --characters 510", "add up to 513; the limit is 512");
  refused("--generate 'And' --characters 0", "--characters");
  refused("--generate 'And' --model nowhere.safetensors", "nowhere.safetensors");
  refused("--generate 'And' --model " ATTEST_SOURCE_DIR "/README.md", "README.md: safetensors: ");
  refused("--generate 'And' --layers 2", "--layers");
  refused("--characters 5", "--generate");
}

TEST(CapacityCommand, GivesTheRowOfLlama2) {
  const nlohmann::json json = attest_json("capacity --layers 80 --hidden 8192", 0);
  EXPECT_EQ(json["schema"], "attest.capacity/1");
  const auto& model = json["models"][0];
  EXPECT_EQ(model["state_components"], 1310720);
  EXPECT_EQ(model["cache_components_per_token"], 163840);
  EXPECT_EQ(model["state_in_cache_tokens"], 8);
  EXPECT_EQ(model["state_in_cache_tokens_mha"], 1);
  const auto& f16 = model["types"][1];
  EXPECT_EQ(f16["type"], "f16");
  EXPECT_EQ(f16["state_bytes"], 2.5 * 1024 * 1024);
  EXPECT_EQ(f16["cache"][0]["bytes"], 1.25 * 1024 * 1024 * 1024);
  EXPECT_EQ(f16["cache"][1]["bytes"], 40.0 * 1024 * 1024 * 1024);
  EXPECT_EQ(f16["cache"][1]["bytes_mha"], 320.0 * 1024 * 1024 * 1024);
  EXPECT_EQ(f16["first_power"], 20971519);
  const CommandRun run = attest_command("capacity --layers 80 --hidden 8192");
  for (const char* text :
       {"LLaMA2-70B", "1,310,720 components", "2.5 MiB", "320 KiB", "1.25 GiB", "40 GiB", "2^x"})
    EXPECT_NE(run.out.find(text), std::string::npos) << text << run.out;
}

TEST(CapacityCommand, RefusesHalfAModel) {
  for (const char* arguments :
       {"--layers 80", "--hidden 8192", "--layers 2 --hidden 64 --q-heads 3 --kv-heads 2",
        "--layers 0 --hidden 1", "--layers 16777216 --hidden 16777216 --length 16777216"}) {
    const CommandRun run = attest_command(std::string("capacity ") + arguments);
    EXPECT_EQ(run.exit, 64) << arguments;
    EXPECT_EQ(lines_of(run.err), 1) << run.err;
  }
}

}  // namespace
}  // namespace attest::cli
