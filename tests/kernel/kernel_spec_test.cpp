#include "kernel/kernel_spec.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "kernel/implementation.hpp"

namespace attest::kernel {
namespace {

LibrarySpec library_of(const std::string& spec) { return std::get<LibrarySpec>(parse_kernel_spec(spec)); }

std::string error_of(const std::string& spec) {
  try {
    parse_kernel_spec(spec);
  } catch (const KernelOpenError& error) {
    return error.what();
  }
  return "(it parsed)";
}

TEST(KernelSpec, IsAPathWithASlashOrASuffix) {
  for (const std::string path : {"./mine", "/opt/kernels/mine", "mine.so", "libmine.so.2"}) {
    EXPECT_EQ(library_of(path).path, path);
    EXPECT_EQ(library_of(path).symbol, "");
    EXPECT_EQ(library_of(path + ":my_attention").path, path);
    EXPECT_EQ(library_of(path + ":my_attention").symbol, "my_attention");
  }
}

TEST(KernelSpec, SplitsAtTheLastColon) {
  EXPECT_EQ(library_of("./a:b:c").path, "./a:b");
  EXPECT_EQ(library_of("./a:b:c").symbol, "c");
}

TEST(KernelSpec, IsAWholePathWhereAFileOfThatNameExists) {
  const std::string path = ::testing::TempDir() + "attest:kernel.so:f";
  std::ofstream(path) << "x";
  EXPECT_EQ(library_of(path).path, path);
  EXPECT_EQ(library_of(path).symbol, "");
  std::filesystem::remove(path);
  EXPECT_EQ(library_of(path).symbol, "f");
}

TEST(KernelSpec, ThatIsNeitherIsAnErrorNamingWhatIsKnown) {
  const std::string error = error_of("flash");
  EXPECT_NE(error.find("'flash' is neither"), std::string::npos) << error;
  for (const AdapterFamily& family : adapter_families()) {
    EXPECT_NE(error.find(family.name), std::string::npos) << error;
  }
}

TEST(KernelSpec, NamesAnAdapterAndOneOfItsVariants) {
  for (const AdapterFamily& family : adapter_families()) {
    EXPECT_EQ(std::get<AdapterSpec>(parse_kernel_spec(family.name)).family, family.name);
    for (const std::string& expanded : expand_kernel_spec(family.name)) {
      EXPECT_EQ(std::get<AdapterSpec>(parse_kernel_spec(expanded)).family, family.name);
      // The variant without a name is told from its family by a colon.
      const std::string one = expanded == family.name ? family.name + ":" : expanded;
      EXPECT_EQ(expand_kernel_spec(one), std::vector<std::string>{one});
    }
    EXPECT_EQ(expand_kernel_spec(family.name).size(), family.variants.size());
    const std::string error = error_of(family.name + ":no_such_variant");
    EXPECT_NE(error.find("has no variant 'no_such_variant'; there are: "), std::string::npos) << error;
  }
}

}  // namespace
}  // namespace attest::kernel
