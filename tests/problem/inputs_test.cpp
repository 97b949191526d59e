// The table of inputs says of each input what include/attest/kernel.h says.

#include "problem/inputs.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace attest {
namespace {

struct Field {
  std::string name, remark;
};

// With one space for each run of white space.
std::string header() {
  std::ifstream file(ATTEST_KERNEL_HEADER);
  std::string text;
  for (std::string word; file >> word;) text += word + " ";
  return text;
}

// The tensors that a kernel reads, in the order of the struct. Not by std::regex, which gcc 12 warns of where
// sanitizers are on (false: maybe uninitialized).
std::vector<Field> tensor_fields(const std::string& text) {
  constexpr std::string_view kBegin = "const DLTensor *";
  constexpr std::string_view kRemark = "; /* ";
  std::vector<Field> fields;
  for (auto at = text.find(kBegin); at != std::string::npos; at = text.find(kBegin, at + 1)) {
    const auto name = at + kBegin.size();
    const auto end = text.find_first_of(";)", name);
    if (text.compare(end, kRemark.size(), kRemark) != 0) continue;
    const auto remark = end + kRemark.size();
    fields.push_back({text.substr(name, end - name), text.substr(remark, text.find(" */", remark) - remark)});
  }
  return fields;
}

// What the header leaves to the remark on bias, it says so.
std::string spelled_out(std::string remark, const std::string& shape) {
  constexpr std::string_view kSame = "same shape rule";
  if (const auto at = remark.find(kSame); at != std::string::npos) remark.replace(at, kSame.size(), shape);
  return remark;
}

TEST(Inputs, AreTheTensorsThatTheAbiHasKernelsRead) {
  const std::vector<Field> fields = tensor_fields(header());
  ASSERT_EQ(fields.size(), kInputs.size());
  for (std::size_t i = 0; i < kInputs.size(); ++i) EXPECT_EQ(fields[i].name, kInputs[i].name);
}

TEST(Inputs, HaveTheShapeAndTypeAndAbsenceThatTheAbiStates) {
  const std::vector<Field> fields = tensor_fields(header());
  ASSERT_EQ(fields.size(), kInputs.size());
  const std::string per_score = shape_text(optional_inputs().front());
  for (std::size_t i = 0; i < kInputs.size(); ++i) {
    const Input& input = kInputs[i];
    const std::string remark = spelled_out(fields[i].remark, per_score);
    EXPECT_NE(remark.find(shape_text(input)), std::string::npos) << input.name << ": " << remark;
    const std::string_view type = input.dtype ? name_of(*input.dtype) : "";
    EXPECT_TRUE(remark.starts_with(type)) << input.name << ": " << remark;
    const std::string absence = input.optional() ? "NULL: " + std::string(input.absent) : "";
    EXPECT_TRUE(remark.ends_with(absence)) << input.name << ": " << remark;
  }
}

TEST(Inputs, FillTheirOwnFieldOfTheAbi) {
  const DLTensor tensor{};
  for (const Input& input : kInputs) {
    attest_forward forward{};
    forward.*input.field = &tensor;
    const auto filled = std::count_if(kInputs.begin(), kInputs.end(),
                                      [&](const Input& other) { return forward.*other.field != nullptr; });
    EXPECT_EQ(filled, 1) << input.name << " shares its field";
  }
}

TEST(Inputs, CanBePutAndLeftOut) {
  for (const Input& input : kInputs) {
    Problem problem;
    for (const Input& needed : required_inputs()) needed.put(problem, Tensor(DType::f32, {1, 1, 1, 1}));
    EXPECT_EQ(input.of(problem) == nullptr, input.optional()) << input.name;
    input.put(problem, Tensor(DType::f32, {3, 1, 1, 1}));
    ASSERT_NE(input.of(problem), nullptr) << input.name;
    EXPECT_EQ(input.of(problem)->count(), 3) << input.name;
    if (!input.optional()) continue;
    EXPECT_TRUE(describe(problem).ends_with(" " + std::string(input.short_name))) << describe(problem);
    input.leave_out(problem);
    EXPECT_EQ(input.of(problem), nullptr) << input.name;
  }
}

TEST(Scalars, AreGivenWhereTheyDifferFromNone) {
  Problem problem;
  for (const Scalar& scalar : kScalars) EXPECT_FALSE(scalar.is_given(problem)) << scalar.name;
  problem.causal = Causal::top_left;
  problem.window_left = problem.window_right = 0;
  problem.softcap = 3;
  for (const Scalar& scalar : kScalars) {
    EXPECT_EQ(scalar.is_given(problem), scalar.absent.has_value()) << scalar.name;
    if (scalar.absent) scalar.leave_out(problem);
  }
  EXPECT_EQ(problem.causal, Causal::none);
  EXPECT_EQ(problem.window_left, -1);
  EXPECT_EQ(problem.window_right, -1);
  EXPECT_EQ(problem.softcap, 0);
}

}  // namespace
}  // namespace attest
