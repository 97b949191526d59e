// What opens, what it says about itself, and what is said when it does not open.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "kernel/implementation.hpp"
#include "kernel/worker/worker_kernel.hpp"
#include "problems.hpp"

namespace attest::kernel {
namespace {

using namespace testing_kernels;
namespace fs = std::filesystem;

// The folder of the libraries is the working directory, so that messages hold the paths that users type.
class Open : public ::testing::Test {
 protected:
  void SetUp() override { fs::current_path(TEST_KERNELS_DIR); }
  void TearDown() override { fs::current_path(before_); }

 private:
  fs::path before_ = fs::current_path();
};

TEST_F(Open, TellsWhatALibraryDeclares) {
  const KernelInfo info = open_kernel("./declares.so")->info();
  EXPECT_EQ(info.name, "Declared Name");
  EXPECT_EQ(info.contract, "f32;division=reciprocal");
  EXPECT_EQ(info.alignment, 64U);
  EXPECT_EQ(info.version, "");
}

TEST_F(Open, NamesALibraryThatDeclaresNothingByItsFile) {
  const KernelInfo info = open_kernel("./echo.so")->info();
  EXPECT_EQ(info.name, "echo.so");
  EXPECT_EQ(info.contract, "");
  EXPECT_EQ(info.alignment, 0U);
}

TEST_F(Open, PrefersTheContractOfTheSymbolToThatOfTheLibrary) {
  EXPECT_EQ(open_kernel("./two_symbols.so:my_attention")->info().contract, "flash-bf16");
  EXPECT_EQ(open_kernel("./two_symbols.so:my_decode")->info().contract, "f32");
  EXPECT_EQ(open_kernel("./two_symbols.so:my_attention")->info().name, "two_symbols.so:my_attention");
}

TEST_F(Open, TakesAVariantForWhichItsFamilyDoesNotStand) {
  EXPECT_EQ(open_kernel("ggml:q8_0-f16")->info().contract,
            "f32;q_conversion=q8_0;accumulate_numerator=f16;kv_storage=q8_0/f16;division=reciprocal");
  EXPECT_EQ(open_error("ggml:q8_0-q9_0").find("ggml has no variant 'q8_0-q9_0'; there are: "), 0U);
}

TEST_F(Open, TakesAPathWithoutASlash) {
  EXPECT_EQ(open_kernel("tiled.so:correct")->info().name, "tiled.so:correct");
}

TEST_F(Open, TakesAPathWithAColonInIt) {
  const fs::path folder = fs::path(::testing::TempDir()) / "attest:colon";
  fs::create_directories(folder);
  fs::copy_file("tiled.so", folder / "a:b", fs::copy_options::overwrite_existing);
  fs::copy_file("echo.so", folder / "c:d", fs::copy_options::overwrite_existing);
  EXPECT_EQ(open_kernel((folder / "a:b:correct").string())->info().name, "a:b:correct");
  EXPECT_EQ(open_kernel((folder / "c:d").string())->info().name, "c:d");
  fs::remove_all(folder);
}

TEST_F(Open, ListsTheKernelsOfALibraryWithoutTheDefaultOne) {
  EXPECT_EQ(open_error("two_symbols.so"),
            "two_symbols.so has no symbol attest_kernel_forward (it exports: my_attention, my_decode); "
            "name one with two_symbols.so:my_attention");
  EXPECT_EQ(open_error("./two_symbols.so:my_atention"),
            "./two_symbols.so has no symbol my_atention (it exports: my_attention, my_decode); "
            "name one with ./two_symbols.so:my_attention");
}

TEST_F(Open, ListsTheDefaultKernelToWhomNamesAnother) {
  EXPECT_EQ(open_error("./echo.so:nosym"),
            "./echo.so has no symbol nosym (it exports: attest_kernel_forward); name one with "
            "./echo.so:attest_kernel_forward");
}

TEST_F(Open, RefusesASymbolThatIsData) {
  EXPECT_EQ(open_error("./no_functions.so"),
            "attest_kernel_forward of ./no_functions.so is data, not a function");
  EXPECT_EQ(open_error("./no_functions.so:other"),
            "./no_functions.so has no symbol other and exports no function that could be a kernel");
}

TEST_F(Open, SaysThatAFileIsMissing) {
  EXPECT_EQ(open_error("./missing.so"), "cannot open ./missing.so: No such file or directory");
  EXPECT_EQ(open_error("missing.so:f"), "cannot open missing.so: No such file or directory");
}

TEST_F(Open, SaysWhatIsNoSharedLibrary) {
  const std::string text = ::testing::TempDir() + "attest_text.so";
  const std::string cut = ::testing::TempDir() + "attest_cut.so";
  std::ofstream(text) << "#!/bin/sh\n";
  std::ofstream(cut) << "\x7f"
                     << "ELF and no more";
  EXPECT_EQ(open_error(text), text + " is not a shared library (not an ELF file)");
  EXPECT_EQ(open_error(cut), "cannot load " + cut + ": file too short");
  EXPECT_EQ(open_error("./"), "./ is not a file");
  EXPECT_EQ(open_error("/dev/null"), "/dev/null is not a file");
  std::remove(text.c_str());
  std::remove(cut.c_str());
}

TEST_F(Open, SaysWhatALibraryLacks) {
  EXPECT_EQ(open_error("./undefined_symbol.so"),
            "cannot load ./undefined_symbol.so: undefined symbol: provided_by_nobody");
}

TEST_F(Open, RefusesDeclarationsThatCannotBeKept) {
  EXPECT_EQ(
      open_error("./bad_alignment.so"),
      "attest_kernel_alignment of ./bad_alignment.so returns 48; it must be a power of two of at most 4096");
  EXPECT_EQ(open_error("./long_contract.so"),
            "the contract that ./long_contract.so declares has 5000 characters; the limit is 4095");
}

TEST_F(Open, SaysHowALibraryBrokeWhileLoading) {
  EXPECT_EQ(open_error("./crashes_on_load.so"),
            "./crashes_on_load.so crashed its process while loading: killed by signal 6 (Aborted); "
            "it printed: no such device");
  EXPECT_EQ(open_error("./exits_on_load.so"),
            "./exits_on_load.so crashed its process while loading: exited with status 5");
}

TEST_F(Open, HasATimeLimitOfItsOwn) {
  try {
    const WorkerKernel kernel("./hangs_on_load.so", std::chrono::milliseconds(300));
    FAIL() << "it opened";
  } catch (const KernelOpenError& error) {
    EXPECT_STREQ(error.what(), "./hangs_on_load.so did not finish loading within 300 ms");
  }
}

TEST_F(Open, NamesTheKnownAdaptersForAnUnknownWord) {
  const std::string error = open_error("flash");
  EXPECT_TRUE(error.starts_with("'flash' is no built-in kernel (")) << error;
  EXPECT_NE(error.find("), library (./libmine.so[:symbol]), command "), std::string::npos) << error;
  EXPECT_EQ(open_error("onednm"), "there is no kernel 'onednm'; did you mean onednn");
  EXPECT_EQ(open_error(""), "empty kernel name");
}

TEST_F(Open, ExpandsAPathIntoItself) {
  EXPECT_EQ(expand_kernel_spec("./tiled.so:correct"), std::vector<std::string>{"./tiled.so:correct"});
  EXPECT_THROW(expand_kernel_spec("no_such_adapter"), KernelOpenError);
}

TEST_F(Open, AsksForOneKernelOfAFamilyThatHasNoneWithoutAName) {
  for (const AdapterFamily& family : adapter_families()) {
    const std::vector<std::string> kernels = expand_kernel_spec(family.name);
    if (std::find(kernels.begin(), kernels.end(), family.name) != kernels.end()) continue;
    const std::string error = open_error(family.name);
    EXPECT_TRUE(
        error.starts_with(family.name + " stands for several kernels; name one of: " + kernels.front()))
        << error;
  }
}

}  // namespace
}  // namespace attest::kernel
