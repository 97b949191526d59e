// The table of outputs says of each output what include/attest/kernel.h says.

#include "problem/outputs.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "problem/place.hpp"
#include "problem/signature.hpp"

namespace attest {
namespace {

// The names of the tensors that a kernel writes, in the order of the struct.
std::vector<std::string> fields_of_the_header() {
  constexpr std::string_view kBegin = "  DLTensor *";
  std::ifstream file(ATTEST_KERNEL_HEADER);
  std::vector<std::string> names;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(kBegin)) names.push_back(line.substr(kBegin.size(), line.find(';') - kBegin.size()));
  }
  return names;
}

Problem small() {
  Problem p;
  p.q = Tensor(DType::f64, {2, 4, 3, 5});
  p.k = Tensor(DType::f64, {2, 2, 7, 5});
  p.v = Tensor(DType::f64, {2, 2, 7, 6});
  return p;
}

TEST(Outputs, AreTheTensorsThatTheAbiHasKernelsWrite) {
  std::vector<std::string> names;
  for (const OutputTensor& output : kForward.outputs) names.emplace_back(output.name);
  EXPECT_EQ(names, fields_of_the_header());
}

TEST(Outputs, FillTheirOwnFieldOfTheAbi) {
  DLTensor tensor{};
  for (const OutputTensor& output : kOutputs) {
    attest_forward forward{};
    forward.*output.field = &tensor;
    const auto filled = std::count_if(kOutputs.begin(), kOutputs.end(), [&](const OutputTensor& other) {
      return forward.*other.field != nullptr;
    });
    EXPECT_EQ(filled, 1) << output.name << " shares its field";
  }
}

TEST(Outputs, HaveTheShapesTypesAndStridesOfTheProblem) {
  Problem p = small();
  const OutputTensor& out = tensor_of(Output::out);
  const OutputTensor& lse = tensor_of(Output::lse);
  EXPECT_EQ(out.shape_in(p), p.out_shape());
  EXPECT_EQ(lse.shape_in(p), p.lse_shape());
  EXPECT_EQ(lse.dtype(p), DType::f64);
  EXPECT_EQ(out.strides_in(p), (std::vector<std::int64_t>{72, 18, 6, 1}));
  p.out_strides = {72, 6, 24, 1};
  EXPECT_EQ(out.strides_in(p), p.out_strides);
  EXPECT_TRUE(lse.is_wanted(p));
  p.want_lse = false;
  EXPECT_FALSE(lse.is_wanted(p));
  EXPECT_TRUE(out.is_wanted(p));
}

TEST(Outputs, AreFoundInResultsAndPutThere) {
  Result result;
  EXPECT_EQ(tensor_of(Output::lse).of(result), nullptr);
  tensor_of(Output::lse).put(result, Tensor(DType::f32, {1, 1, 2}));
  ASSERT_TRUE(result.lse);
  EXPECT_EQ(tensor_of(Output::lse).of(result), &*result.lse);
  EXPECT_EQ(tensor_of(Output::out).of(result), &result.out);
}

// As the gradients of keys and values have, whose rows are keys.
TEST(Outputs, MayHaveRowsOfTheirOwn) {
  OutputTensor gradient = tensor_of(Output::out);
  gradient.name = "dv";
  gradient.axes = {AxisRole::batch, AxisRole::kv_head, AxisRole::key, AxisRole::v_channel};
  const Problem p = small();
  EXPECT_EQ(gradient.shape_in(p), p.v.shape());
  const std::vector<OutputTensor> outputs{gradient, tensor_of(Output::lse)};
  Result result;
  gradient.put(result, Tensor(DType::f64, gradient.shape_in(p)));
  tensor_of(Output::lse).put(result, Tensor(DType::f64, p.lse_shape()));
  std::set<Place> places;
  for_each_place(outputs, result, [&](const Place& place) { places.insert(place); });
  EXPECT_EQ(places.size(), 2U * 2 * 7 * 6 + 2U * 4 * 3);
  EXPECT_TRUE(places.contains({1, 1, 6, Output::out, 5}));
  EXPECT_TRUE(places.contains({1, 3, 2, Output::lse}));
}

}  // namespace
}  // namespace attest
