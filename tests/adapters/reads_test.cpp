// An input that an adapter was not written for: its calls are declined before it sees them.

#include <gtest/gtest.h>

#include "kernel/implementation.hpp"
#include "problem/inputs.hpp"

namespace attest::kernel {
namespace {

class Adapter : public Implementation {
 public:
  KernelInfo info() const override { return {}; }
  int forward(const attest_forward& /*problem*/) override { return ATTEST_OK; }
};

class WithoutSinks final : public Adapter {
 public:
  bool reads(std::string_view input) const override { return input != "sink" && Adapter::reads(input); }
};

TEST(Reads, AnAdapterReadsTheInputsOfVersion1) {
  const DLTensor tensor{};
  for (const Input& input : optional_inputs()) {
    attest_forward problem{};
    problem.*input.field = &tensor;
    EXPECT_TRUE(reads_inputs_of(Adapter(), problem)) << input.name;
    EXPECT_EQ(reads_inputs_of(WithoutSinks(), problem), input.name != "sink") << input.name;
  }
  EXPECT_TRUE(reads_inputs_of(WithoutSinks(), {}));
  EXPECT_FALSE(Adapter().reads("an input of a later version"));
}

}  // namespace
}  // namespace attest::kernel
