// `attest check opencl:FILE.cl`, end to end, on drivers of tests/kernels/opencl: none of the machine's is
// used.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A .cl file for the fake driver.
class OpenCl : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream file(path_);
    for (const std::string name : {"right", "past", "before", "input"}) {
      file << "// attest: kernel " << name << "\n// attest: args q, k, v, out\n"
           << "// attest: args int q_heads, int kv_heads, int q_len, int kv_len, int qk_dim, float scale\n"
           << "// attest: global q_len, q_heads, batch\n// attest: contract f32\n"
           << "// attest: requires kv_len > 0, kv_len < 300, q_len < 300, qk_dim == v_dim\n";
    }
  }
  void TearDown() override {
    std::filesystem::remove(path_);
    ::unsetenv("ATTEST_OPENCL_LIBRARY");
  }

  static void use_driver(const std::string& name) {
    ::setenv("ATTEST_OPENCL_LIBRARY", (TEST_KERNELS_DIR "/opencl/" + name + ".so").c_str(), 1);
  }

  std::string check(const std::string& kernel, const std::string& options = "") const {
    return "check 'opencl:" + path_ + ":" + kernel + "' --cases 30 " + options;
  }

  std::string path_ = testing::TempDir() + "attest_opencl.cl";
};

TEST_F(OpenCl, TheRightKernelConforms) {
  use_driver("fake_driver");
  const auto json = attest_json(check("right"), 0);
  EXPECT_EQ(json["kernels"][0]["verdict"], "conforming");
  EXPECT_EQ(json["kernels"][0]["version"], "Fake 1.0, a file of C");
}

TEST_F(OpenCl, WritesThatNoPageStopsAreFound) {
  use_driver("fake_driver");
  for (const auto& [name, kind, summary] :
       {std::tuple{"past", "memory", "wrote outside out"}, std::tuple{"before", "memory", "wrote outside k"},
        std::tuple{"input", "input-mutated", "wrote to its input v"}}) {
    const auto json = attest_json(check(name), 1);
    EXPECT_EQ(json["kernels"][0]["findings"][0]["kind"], kind) << name;
    EXPECT_EQ(json["kernels"][0]["findings"][0]["summary"], summary) << name;
  }
}

TEST_F(OpenCl, WhatIsMissingIsOneLineAndTheRestGoesOn) {
  for (const auto& [driver, why] :
       {std::pair{"no_driver", "/opencl/no_driver.so finds no OpenCL driver"},
        std::pair{"crashing_driver", "its driver crashed: killed by signal 11 (Segmentation fault)"}}) {
    use_driver(driver);
    const CommandRun alone = attest_command(check("right"));
    EXPECT_EQ(alone.exit, 64) << driver;
    EXPECT_TRUE(mentions(alone.err, why)) << alone.err;
    EXPECT_EQ(lines_of(alone.err), 1) << alone.err;
    const auto json = attest_json(check("right", "'" + test_kernel("tiled") + ":correct'"), 2);
    EXPECT_EQ(json["kernels"].size(), 1U);
    EXPECT_EQ(json["kernels"][0]["verdict"], "conforming");
    EXPECT_TRUE(mentions(json["unavailable"][0]["why"], why)) << json["unavailable"];
  }
}

TEST_F(OpenCl, MistakesAreOneLine) {
  use_driver("fake_driver");
  EXPECT_TRUE(mentions(attest_command("check 'opencl:" + path_ + "'").err,
                       "describes right, past, before, input; name one: opencl:"));
  EXPECT_TRUE(mentions(attest_command("check opencl:none.cl").err, "cannot open none.cl: No such file"));
  EXPECT_TRUE(mentions(attest_command("check onednn --races").err, "--races applies to kernels in OpenCL C"));
  std::ofstream(path_, std::ios::app) << "#error\n";
  EXPECT_TRUE(
      mentions(attest_command(check("right")).err, "it does not compile: file.cl:7:1: error: broken"));
}

}  // namespace
}  // namespace attest::cli
