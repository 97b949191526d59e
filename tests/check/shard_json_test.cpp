// Files of shards: read as they were written, or refused.

#include "check/shard/shard_json.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "check/shard/merge.hpp"
#include "files/tensor_archive.hpp"
#include "numerics/draw.hpp"
#include "shard_parts.hpp"

namespace attest::check {
namespace {

using test::two_parts;

TEST(ShardFiles, AreReadAsTheyWereWritten) {
  const nlohmann::ordered_json json = shard_json(two_parts()[0]);
  const std::string text = nlohmann::ordered_json{{"kernels", {{{"shard", json}}}}}.dump();
  EXPECT_EQ(shard_json(parse_shards(text).front()), json);
}

// Seeds that are refused at once would show the fuzzer nothing.
TEST(ShardFiles, TheSeedsOfTheFuzzerAreRead) {
  const std::filesystem::path tests = std::filesystem::path(ATTEST_TEST_KERNELS_SOURCE).parent_path();
  int seeds = 0;
  for (const auto& file : std::filesystem::directory_iterator(tests / "fuzz" / "corpus" / "shard")) {
    EXPECT_NO_THROW(merge_shards(read_shards(file.path().string()))) << file.path();
    ++seeds;
  }
  EXPECT_GE(seeds, 2);
}

TEST(ShardFiles, AreReadBesideTheFormsOfALargeOperator) {
  nlohmann::ordered_json forms = nlohmann::ordered_json::object();
  for (int form = 0; form < 3000; ++form) forms["form " + std::to_string(form)] = 4;
  nlohmann::ordered_json kernel{{"accepts", {{"forms", {{"taken", forms}}}}}};
  kernel["shard"] = shard_json(two_parts()[0]);
  const nlohmann::ordered_json json{{"kernels", nlohmann::ordered_json::array({kernel})}};
  EXPECT_EQ(shard_json(parse_shards(json.dump()).front()), kernel["shard"]);
}

TEST(ShardFiles, AreRefusedWhereTheyAreNone) {
  const nlohmann::ordered_json good{{"kernels", {{{"shard", shard_json(two_parts()[0])}}}}};
  const auto refused = [](const nlohmann::ordered_json& json, const std::string& says) {
    try {
      parse_shards(json.dump());
      ADD_FAILURE() << "taken: " << says;
    } catch (const files::FileFormatError& error) {
      EXPECT_NE(std::string(error.what()).find(says), std::string::npos) << error.what();
      EXPECT_LT(std::string(error.what()).size(), 200U);
    }
  };
  const auto changed = [&](const char* at, const nlohmann::ordered_json& value) {
    nlohmann::ordered_json json = good;
    json[nlohmann::ordered_json::json_pointer(at)] = value;
    return json;
  };
  EXPECT_THROW(parse_shards("{"), files::FileFormatError);
  EXPECT_THROW(parse_shards(std::string(100'000, '[')), files::FileFormatError);
  refused(nlohmann::ordered_json::array(), "must be the JSON of attest check --shard");
  refused({{"kernels", {nlohmann::ordered_json::object()}}}, "is written by attest check --shard");
  refused(changed("/kernels/0/shard/shard/index", 9), "is no part of a whole");
  refused(changed("/kernels/0/shard/events/0/family", 99), "must be cases of the campaign");
  refused(changed("/kernels/0/shard/events/0/number", std::int64_t{1} << 60), "must be an integer");
  refused(changed("/kernels/0/shard/events/0/checked/laws/0/law", "no law"), "is no law on kernels");
  refused(changed("/kernels/0/shard/events/0/checked/laws/0/outcome/standing", 1),
          "is broken without a breach");
  refused(changed("/kernels/0/shard/events/0/checked/out/ratios/bins", {{400, 1}}),
          "has a bin that there is not");
  refused(changed("/kernels/0/shard/report/info/name", "a\x1b[2J"), "on one line");
  refused(changed("/kernels/0/shard/report/families", nlohmann::ordered_json::array()), "families");
  refused(changed("/kernels/0/shard/report/coverage/features/0/cases", nlohmann::ordered_json::array()),
          "a number of cases for each shape");
  refused(changed("/kernels/0/shard/report/seconds", "soon"), "must be a number");
}

// What the fuzzer does, a little of it: bytes changed, left out and doubled.
TEST(ShardFiles, AreReadOrRefusedWhateverChanges) {
  ShardRecord small = two_parts()[0];
  small.events.resize(2);
  const std::string text = nlohmann::ordered_json{{"kernels", {{{"shard", shard_json(small)}}}}}.dump();
  Draw draw(rc::Random(1));
  std::int64_t taken = 0;
  for (int round = 0; round < 400; ++round) {
    std::string changed = text;
    const auto at = static_cast<std::size_t>(draw.between(0, static_cast<std::int64_t>(text.size()) - 1));
    const auto length = static_cast<std::size_t>(draw.between(1, 12));
    if (round % 3 == 0) changed[at] = static_cast<char>(draw.between(0, 255));
    if (round % 3 == 1) changed.erase(at, length);
    if (round % 3 == 2) changed.insert(at, text.substr(at, length));
    try {
      merge_shards(parse_shards(changed));
      ++taken;
    } catch (const files::FileFormatError& error) {
      EXPECT_LT(std::string(error.what()).size(), 400U);
    }
  }
  EXPECT_GT(taken, 0) << "a changed digit is another count";
}

}  // namespace
}  // namespace attest::check
