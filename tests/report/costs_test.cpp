// The costs section, on results made by hand.
#include "report/full/costs.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "report/host.hpp"

namespace attest::report {
namespace {

using Json = nlohmann::ordered_json;

Json measurement(const std::string& what, double times_certificate) {
  return {{"what", what},
          {"queries", 4096},
          {"keys", 4096},
          {"head_dim", 64},
          {"threads", 1},
          {"sampled", false},
          {"seconds_per_pair", 8e-9},
          {"times_certificate", times_certificate},
          {"of_dgemm", 0.625}};
}

Json results() {
  return {{"schema", "attest.bench/1"},
          {"version", "9.9"},
          {"host", host_json()},
          {"time", "2001-02-03T04:05:06Z"},
          {"isa", "AVX3"},
          {"libraries", {{"openblas_kernel", "Cooperlake"}, {"numpy_blas_kernel", "Cooperlake"}}},
          {"dgemm", {{"flops_one_thread", 5e10}}},
          {"measurements", {measurement("f64_certificate", 1), measurement("numpy_full", 2.5)}},
          {"memory", {{"keys", 65536}, {"bytes", 1 << 20}}},
          {"ratios",
           {{{"what", "a / b"}, {"ratio", 0.4}, {"limit", 0.5}, {"met", true}},
            {{"what", "c / d"}, {"ratio", 0.75}, {"limit", 0.5}, {"met", false}}}}};
}

std::filesystem::path file_of(const std::string& text) {
  const auto path = std::filesystem::path(testing::TempDir()) / "attest-costs.json";
  std::ofstream(path) << text;
  return path;
}

std::string markdown_of(const Json& json) { return costs_markdown(read_costs(file_of(json.dump()))); }

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Costs, SaysThatNothingWasMeasured) {
  EXPECT_FALSE(read_costs(testing::TempDir() + "/there-is-no-such-file.json"));
  EXPECT_TRUE(contains(costs_markdown(std::nullopt), "./attest bench"));
}

TEST(Costs, NamesTheRunAndShowsRatiosAndMultiples) {
  const std::string text = markdown_of(results());
  EXPECT_TRUE(contains(text, "2001-02-03T04:05:06Z with attest 9.9")) << text;
  EXPECT_TRUE(contains(text, "AVX3")) << text;
  EXPECT_FALSE(contains(text, "a different machine")) << text;
  EXPECT_TRUE(contains(text, "- a / b: **0.4** (limit 0.5)")) << text;
  EXPECT_TRUE(contains(text, "- c / d: **0.75** (ABOVE the limit of 0.5)")) << text;
  EXPECT_TRUE(contains(text, "at 65,536 keys: 1.0 MiB")) << text;
  EXPECT_TRUE(contains(text, "| 64 channels | 4,096 keys |")) << text;
  EXPECT_TRUE(contains(text, "the whole score matrix: o | 2.5 |")) << text;
  EXPECT_TRUE(contains(text, "share of the dgemm rate | 62 % |")) << text;
  EXPECT_FALSE(contains(text, "MPFI")) << "what was not measured has no row: " << text;
}

TEST(Costs, SaysWhereTheRunWasOnAnotherMachineOrKernel) {
  Json json = results();
  json["host"]["cpu"] = "Another";
  json["libraries"]["numpy_blas_kernel"] = "Haswell";
  const std::string text = markdown_of(json);
  EXPECT_TRUE(contains(text, "a different machine")) << text;
  EXPECT_TRUE(contains(text, "under numpy its Haswell kernel")) << text;
}

TEST(Costs, RefusesWhatIsNotARunOfTheBenchmarks) {
  Json wrong_type = results();
  wrong_type["measurements"][0]["keys"] = "many";
  Json missing = results();
  missing.erase("ratios");
  Json other = results();
  other["schema"] = "attest.check/1";
  for (const std::string& text : {std::string("{"), std::string("[]"), std::string("3"), wrong_type.dump(),
                                  missing.dump(), other.dump()}) {
    try {
      read_costs(file_of(text));
      ADD_FAILURE() << text;
    } catch (const CostsError& error) {
      EXPECT_TRUE(contains(error.what(), "attest-costs.json")) << error.what();
      EXPECT_FALSE(contains(error.what(), "\n")) << error.what();
    }
  }
}

}  // namespace
}  // namespace attest::report
