// `attest compare`: verdicts, exit codes and outputs.
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

const std::string kLibrary = ATTEST_FAULTS_LIBRARY;

TEST(Compare, NamesTheWrongKernelOnTheTerminal) {
  const CommandRun run = attest_command("compare " + kLibrary + ":correct " + kLibrary +
                                        ":causal_key_ahead --cases 30 --dtype f32");
  EXPECT_EQ(run.exit, 1) << run.err;
  EXPECT_EQ(run.out.rfind("ONE IS WRONG   libattest_faults.so:causal_key_ahead is wrong;", 0), 0U) << run.out;
  EXPECT_NE(run.out.find("other       libattest_faults.so:correct gives"), std::string::npos);
  EXPECT_NE(run.out.find("exit 1\n"), std::string::npos);
}

TEST(Compare, StopsSoonAfterTheFirstWrongAnswerWhereAsked) {
  const auto json = attest_json("compare " + kLibrary + ":correct " + kLibrary +
                                    ":causal_key_ahead --cases 400 --after-first 3 --dtype f32",
                                1);
  EXPECT_EQ(json["pairs"][0]["wrong"], nlohmann::json{"libattest_faults.so:causal_key_ahead"});
  EXPECT_LT(json["pairs"][0]["differences"]["cases"], 100);
}

TEST(Compare, ComparesAKernelWithItsBatchesApartAndWithAnotherContract) {
  const std::string kernel = kLibrary + ":correct";
  const auto json = attest_json("compare " + kernel + " " + kernel + "@batches=1 " + kernel +
                                    "@contract=f32 --cases 30 --dtype f32 --pairs",
                                0);
  EXPECT_EQ(json["schema"], "attest.compare/1");
  ASSERT_EQ(json["names"].size(), 3U);
  EXPECT_EQ(json["names"][1], "libattest_faults.so:correct@batches=1");
  ASSERT_EQ(json["pairs"].size(), 3U);
  for (const auto& pair : json["pairs"]) {
    EXPECT_EQ(pair["verdict"], "equal bits");
    EXPECT_EQ(pair["differences"]["equal_bits"], pair["differences"]["outputs"]);
    EXPECT_TRUE(pair["wrong"].empty());
  }
}

TEST(Compare, WritesMarkdown) {
  const std::string kernel = kLibrary + ":tile_7";
  const CommandRun run = attest_command("compare " + kernel + " " + kLibrary +
                                        ":split_2 --cases 30 --dtype f32 " + "--markdown");
  EXPECT_EQ(run.exit, 0) << run.err;
  EXPECT_NE(run.out.find("## libattest_faults.so:tile_7 and libattest_faults.so:split_2: equivalent"),
            std::string::npos);
  EXPECT_NE(run.out.find("| feature | cases |"), std::string::npos);
}

TEST(Compare, RefusesWhatIsNoPair) {
  for (const std::string& arguments :
       {kLibrary + ":correct", kLibrary + ":correct " + kLibrary + ":correct@threads=0",
        kLibrary + ":correct " + kLibrary + ":correct@batches=x",
        kLibrary + ":correct " + kLibrary + ":correct@contract=f33",
        std::string("onednn: onednn:@contract=flash-f16 --cases 5"), kLibrary + ":correct nonsense",
        kLibrary + ":correct " + kLibrary + ":correct --dtype f8"}) {
    const CommandRun run = attest_command("compare " + arguments);
    EXPECT_EQ(run.exit, 64) << arguments;
    EXPECT_EQ(lines_of(run.err), 1) << run.err;
  }
}

// A capture of one row and one key, whose output is this.
std::string capture(const std::string& name, float output, float value = 3) {
  const auto tensor = [](const std::string& called, int at) {
    return "\"" + called + R"(":{"dtype":"F32","shape":[1,1,1,1],"data_offsets":[)" + std::to_string(4 * at) +
           "," + std::to_string(4 * at + 4) + "]}";
  };
  const std::string header = R"({"__metadata__":{"scale":"1","causal":"none","contract":"f32"},)" +
                             tensor("q", 0) + "," + tensor("k", 1) + "," + tensor("v", 2) + "," +
                             tensor("out", 3) + "}";
  const std::array<float, 4> numbers{1, 1, value, output};
  const std::uint64_t length = header.size();
  const std::string path = (std::filesystem::temp_directory_path() / ("attest-compare-" + name)).string();
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(&length), sizeof length) << header;
  file.write(reinterpret_cast<const char*>(numbers.data()), sizeof numbers);
  return path;
}

TEST(Compare, ComparesCapturesAndAKernelOnTheirProblem) {
  const std::string right = capture("right.safetensors", 3);
  const std::string wrong = capture("wrong.safetensors", 4);
  const std::string other = capture("other.safetensors", 3, 2);
  auto json = attest_json("compare " + right + " " + wrong, 1);
  EXPECT_EQ(json["pairs"][0]["verdict"], "one is wrong");
  EXPECT_EQ(json["pairs"][0]["wrong"][0], "attest-compare-wrong.safetensors");
  json = attest_json("compare " + wrong + " " + kLibrary + ":correct", 1);
  EXPECT_EQ(json["pairs"][0]["wrong"][0], "attest-compare-wrong.safetensors");
  json = attest_json("compare " + right + " " + kLibrary + ":correct", 0);
  EXPECT_EQ(json["pairs"][0]["verdict"], "equal bits");
  const CommandRun run = attest_command("compare " + right + " " + other);
  EXPECT_EQ(run.exit, 64);
  EXPECT_NE(run.err.find("v differs"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace attest::cli
