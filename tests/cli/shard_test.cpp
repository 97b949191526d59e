// `attest check --shard` and `attest merge`.
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

const std::string kLibrary = ATTEST_FAULTS_LIBRARY;

std::string options() { return " --cases 36 --seed 2"; }

// Files of the parts, in a folder of their own.
class Shards : public testing::Test {
 protected:
  Shards() {
    std::string name = (std::filesystem::temp_directory_path() / "attest-shards-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~Shards() override { std::filesystem::remove_all(folder_); }
  Shards(const Shards&) = delete;
  Shards& operator=(const Shards&) = delete;

  std::string file(int index) const { return folder_ + "/" + std::to_string(index) + ".json"; }
  std::string run_command(const std::string& kernel, int index, int count) const {
    return "check " + kLibrary + ":" + kernel + options() + " --quiet --shard " + std::to_string(index) +
           "/" + std::to_string(count) + " --json " + file(index);
  }
  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

nlohmann::json without_times(nlohmann::json json) {
  for (auto& kernel : json["kernels"]) {
    for (const char* own : {"seconds", "memory", "lost_shards", "findings", "shrink_steps_left_out"})
      kernel.erase(own);
    for (auto& [name, law] : kernel["laws"].items()) law.erase("why");
  }
  return json;
}

TEST_F(Shards, MergeIntoTheReportOfOneRun) {
  for (int index = 1; index <= 3; ++index)
    EXPECT_EQ(attest_command(run_command("causal_key_ahead", index, 3)).exit, 1);
  const std::string files = file(3) + " " + file(1) + " " + file(2);
  const auto merged = attest_json("merge " + files, 1);
  const auto whole = attest_json("check " + kLibrary + ":causal_key_ahead" + options(), 1);
  EXPECT_EQ(without_times(merged), without_times(whole));
  ASSERT_EQ(merged["kernels"][0]["findings"].size(), whole["kernels"][0]["findings"].size());
  for (std::size_t i = 0; i < whole["kernels"][0]["findings"].size(); ++i) {
    const auto& a = merged["kernels"][0]["findings"][i];
    const auto& b = whole["kernels"][0]["findings"][i];
    EXPECT_EQ(a["identity"], b["identity"]);
    EXPECT_EQ(a["cases"], b["cases"]);
    EXPECT_EQ(a["case"]["shape"], b["case"]["shape"]);
  }
  const CommandRun text = attest_command("merge " + files + " --junit " + folder() + "/junit.xml");
  EXPECT_EQ(text.exit, 1);
  EXPECT_NE(text.out.find("attest replay findings/"), std::string::npos) << text.out;
  EXPECT_TRUE(std::filesystem::exists(folder() + "/junit.xml"));
}

TEST_F(Shards, MayBeKilledAndRunAgain) {
  EXPECT_EQ(attest_command(run_command("correct", 1, 2)).exit, 0);
  EXPECT_EQ(attest_command(run_command("correct", 2, 2)).exit, 0);
  const auto before = attest_json("merge " + file(1) + " " + file(2), 0);
  std::filesystem::remove(file(2));
  // Killed or done, whichever comes first: the file is whole, or there is none.
  const std::string command =
      std::string("timeout -s KILL 0.3 " ATTEST_BINARY " ") + run_command("correct", 2, 2);
  static_cast<void>(std::system((command + " >/dev/null 2>&1").c_str()));
  if (!std::filesystem::exists(file(2))) {
    const CommandRun lost = attest_command("merge " + file(1) + " " + file(2));
    EXPECT_EQ(lost.exit, 2);
    EXPECT_NE(lost.out.find("shard 2 of 2 is missing"), std::string::npos) << lost.out;
    EXPECT_NE(lost.err.find("lost shards 2"), std::string::npos) << lost.err;
  }
  EXPECT_EQ(attest_command(run_command("correct", 2, 2)).exit, 0);
  EXPECT_EQ(without_times(attest_json("merge " + file(1) + " " + file(2), 0)), without_times(before));
}

TEST_F(Shards, AreRefusedWithOneLine) {
  const std::string check = "check " + kLibrary + ":correct --cases 5";
  for (const std::string& arguments :
       {check + " --shard 3/2", check + " --shard x", check + " --shard 1/2 --require-bitwise run",
        check + " --shard 1/2 --baseline x.json", check + " --shard 1/2",
        check + " --shard 1/2 --json " + file(1) + " --github",
        check + " --shard 1/2 --json " + file(1) + " --races",
        check + " --shard 1/2 --json " + file(1) + " --contract f33", std::string("merge nothing.json"),
        std::string("merge " ATTEST_SOURCE_DIR "/README.md"),
        std::string("merge " ATTEST_SOURCE_DIR "/docs")}) {
    const CommandRun run = attest_command(arguments);
    EXPECT_EQ(run.exit, 64) << arguments;
    EXPECT_EQ(run.out, "") << arguments;
    EXPECT_GE(lines_of(run.err), 1) << run.err;
    EXPECT_LE(lines_of(run.err), 2) << run.err;
  }
}

}  // namespace
}  // namespace attest::cli
