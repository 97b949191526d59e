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
  EXPECT_NE(error.find("'flash' is no built-in kernel ("), std::string::npos) << error;
  for (const AdapterFamily& family : adapter_families()) {
    EXPECT_NE(error.find(family.name), std::string::npos) << error;
  }
}

TEST(KernelSpec, ThatIsNearlyAKernelSuggestsIt) {
  EXPECT_EQ(error_of("onednnn"), "there is no kernel 'onednnn'; did you mean onednn");
  EXPECT_EQ(error_of("gmgl"), "there is no kernel 'gmgl'; did you mean ggml");
  EXPECT_LT(error_of(std::string(5'000, 'x')).size(), 192U);
}

// A case file of a finding in one form of an operator names that.
TEST(KernelSpec, MayNameAFormOfTheOperator) {
  const std::string plain = "opset 23; 4D; float32; no past; no mask";
  const auto spec = std::get<AdapterSpec>(parse_kernel_spec("onnxruntime:attention-23[" + plain + "]"));
  EXPECT_EQ(spec.variant, "attention-23");
  EXPECT_EQ(spec.form, plain);
  EXPECT_EQ(form_number(spec), std::optional<std::size_t>(0));
  EXPECT_EQ(expand_kernel_spec("onnxruntime:attention-23[" + plain + "]").size(), 1U);
  EXPECT_EQ(error_of("onnxruntime:attention-23[5D]"), "onnxruntime:attention-23 has no form '5D'");
  EXPECT_EQ(error_of("onnxruntime:mha[" + plain + "]"), "onnxruntime:mha has no form '" + plain + "'");
}

TEST(KernelSpec, OfACommandKeepsItsAxisOrder) {
  EXPECT_EQ(command_of_spec("exec:run {in} {out}")->order, files::AxisOrder::bhtd);
  EXPECT_EQ(with_axis_order("exec:run {in} {out}", files::AxisOrder::bthd), "exec-bthd:run {in} {out}");
  EXPECT_EQ(command_of_spec("exec-bthd:run {in} {out}")->command, "run {in} {out}");
  EXPECT_EQ(command_of_spec("exec-bthd:run {in} {out}")->order, files::AxisOrder::bthd);
  EXPECT_FALSE(command_of_spec("./exec.so:run"));
}

// A case file names its library from its own folder.
TEST(KernelSpec, IsFoundFromTheFolderOfAFile) {
  namespace fs = std::filesystem;
  EXPECT_EQ(spec_in_folder("./libk.so:f", "findings"), "../libk.so:f");
  EXPECT_EQ(spec_in_folder("findings/libk.so", "findings"), "./libk.so");
  for (const std::string same : {"/opt/libk.so:f", "onednn", "exec:./run {in} {out}"})
    EXPECT_EQ(spec_in_folder(same, "findings"), same);
  const fs::path folder = fs::path(::testing::TempDir()) / "attest-spec";
  fs::create_directories(folder / "found");
  std::ofstream(folder / "libk.so") << "x";
  EXPECT_EQ(spec_from_folder("../libk.so:f", folder / "found"), (folder / "libk.so").string() + ":f");
  EXPECT_EQ(spec_from_folder("./elsewhere.so:f", folder / "found"), "./elsewhere.so:f");
  EXPECT_EQ(spec_from_folder("onednn", folder / "found"), "onednn");
  fs::remove_all(folder);
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
