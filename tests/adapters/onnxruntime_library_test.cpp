// Finding and loading the library, and what is said when that fails.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>

#include <dlfcn.h>

#include "kernel/adapters/onnxruntime/api.hpp"
#include "onnxruntime_support.hpp"

namespace attest::kernel {
namespace {

std::string load_error(const std::string& path) {
  try {
    onnxruntime::load_library(path);
  } catch (const KernelOpenError& error) {
    return error.what();
  }
  return "(it loaded)";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(OnnxRuntimeLibrary, IsThePinnedVersion) {
  EXPECT_EQ(onnxruntime::library().version, "1.30.0");
  EXPECT_EQ(testing_onnxruntime::open("gqa")->info().version, "1.30.0");
}

// Its thread would set a signal handler now and then, which the law "environment" would see.
TEST(OnnxRuntimeLibrary, SendsNoTelemetry) {
  ::setenv("ORT_DISABLE_TELEMETRY", "0", 1);
  static_cast<void>(load_error(onnxruntime::library_path()));
  ASSERT_NE(std::getenv("ORT_DISABLE_TELEMETRY"), nullptr);
  EXPECT_STREQ(std::getenv("ORT_DISABLE_TELEMETRY"), "1");
}

TEST(OnnxRuntimeLibrary, SaysHowToInstallWhatIsMissing) {
  const std::string error = load_error("/nonexistent/libonnxruntime.so.1");
  EXPECT_TRUE(contains(error, "onnxruntime is not installed: run ./attest setup (or npm ci in kernels/)"))
      << error;
}

TEST(OnnxRuntimeLibrary, SaysWhatIsWrongWithAFileThatIsNoLibrary) {
  const std::string path = testing::TempDir() + "no_library.so";
  std::ofstream(path) << "text";
  EXPECT_TRUE(contains(load_error(path), "cannot be loaded")) << load_error(path);
}

TEST(OnnxRuntimeLibrary, SaysThatAnotherLibraryIsNotIt) {
  Dl_info c_library{};
  ASSERT_NE(dladdr(reinterpret_cast<void*>(&std::fopen), &c_library), 0);
  EXPECT_TRUE(contains(load_error(c_library.dli_fname), "C API")) << load_error(c_library.dli_fname);
}

TEST(OnnxRuntimeLibrary, IsLookedForWhereTheEnvironmentSays) {
  const char* set = std::getenv("ATTEST_KERNELS_DIR");
  const std::optional<std::string> before = set == nullptr ? std::nullopt : std::optional<std::string>(set);
  ASSERT_EQ(setenv("ATTEST_KERNELS_DIR", "/elsewhere", 1), 0);
  EXPECT_EQ(onnxruntime::library_path().rfind("/elsewhere/onnxruntime-node/", 0), 0U);
  ASSERT_EQ(unsetenv("ATTEST_KERNELS_DIR"), 0);
  EXPECT_TRUE(contains(onnxruntime::library_path(), "/kernels/node_modules/onnxruntime-node/"));
  if (before) setenv("ATTEST_KERNELS_DIR", before->c_str(), 1);
}

TEST(OnnxRuntimeLibrary, HasNoOtherOperators) {
  EXPECT_THROW(onnxruntime_adapter().open("flash"), KernelOpenError);
  EXPECT_THROW(onnxruntime_adapter().open(""), KernelOpenError);
}

TEST(OnnxRuntimeLibrary, DeclaresContractsThatParse) {
  for (const std::string& variant : onnxruntime_adapter().variants) {
    for (const DType dtype : {DType::f32, DType::f16}) {
      EXPECT_TRUE(
          oracle::contract_for(testing_onnxruntime::open(variant)->info().contract, dtype, dtype).declared)
          << variant << " " << name_of(dtype);
    }
  }
}

}  // namespace
}  // namespace attest::kernel
