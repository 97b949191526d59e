// Which keys each operator sees, read off exactly: with q = 0 and one-hot values the output is the weights.
#include "onnxruntime_support.hpp"

namespace attest::kernel {
namespace {

using testing_onnxruntime::expect_equal_weights;
using testing_onnxruntime::Extents;
using testing_onnxruntime::open;
using testing_onnxruntime::tensor_of;
using testing_onnxruntime::uniform_problem;

struct Case {
  std::string variant;
  DType dtype;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.variant << " " << name_of(c.dtype); }

std::vector<Case> cases() {
  std::vector<Case> list;
  for (const std::string& variant : onnxruntime_adapter().variants) {
    for (const DType dtype : {DType::f32, DType::f16}) list.push_back({variant, dtype});
  }
  list.push_back({"attention-23", DType::f64});
  list.push_back({"attention-24", DType::f64});
  return list;
}

class OnnxRuntimeVisibility : public testing::TestWithParam<Case> {
 protected:
  Problem make(const Extents& extents) const { return uniform_problem(GetParam().dtype, extents); }
  bool is(const std::string& variant) const { return GetParam().variant == variant; }
  bool contrib() const { return is("mha") || is("gqa") || is("contrib-attention"); }
  std::unique_ptr<Kernel> kernel = open(GetParam().variant);
};

INSTANTIATE_TEST_SUITE_P(All, OnnxRuntimeVisibility, testing::ValuesIn(cases()), [](const auto& each) {
  std::string name = each.param.variant + "_" + std::string(name_of(each.param.dtype));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST_P(OnnxRuntimeVisibility, WithoutCausalityEveryRowSeesEveryKey) {
  for (const std::int64_t kv_len : {4, 7}) {
    expect_equal_weights(*kernel, make({.batch = kv_len == 4 ? 2 : 1, .q_len = 4, .kv_len = kv_len}));
  }
}

TEST_P(OnnxRuntimeVisibility, TopLeftCausalityCountsFromTheFirstKey) {
  Problem p = make({.batch = 2, .q_heads = 2, .kv_heads = 2, .q_len = 5, .kv_len = 5});
  p.causal = Causal::top_left;
  expect_equal_weights(*kernel, p);
}

TEST_P(OnnxRuntimeVisibility, BottomRightCausalityIsAPastOfTheKeysThatAreMore) {
  for (const std::int64_t q_len : {1, 3, 8}) {
    Problem p = make({.q_heads = 2, .kv_heads = 2, .q_len = q_len, .kv_len = 8});
    p.causal = Causal::bottom_right;
    expect_equal_weights(*kernel, p);
  }
}

TEST_P(OnnxRuntimeVisibility, AWindowOfOneSeesTheRowsOwnKeyOnly) {
  Problem p = make({.q_len = 5, .kv_len = 8});
  p.causal = Causal::bottom_right;
  p.window_left = 0;
  expect_equal_weights(*kernel, p);
}

TEST_P(OnnxRuntimeVisibility, ALeftWindowHoldsThatManyKeysBesideTheRowsOwn) {
  for (const std::int64_t left : {1, 2, 6}) {
    Problem p = make({.q_len = 5, .kv_len = 8});
    p.causal = Causal::bottom_right;
    p.window_left = left;
    expect_equal_weights(*kernel, p);
  }
}

TEST_P(OnnxRuntimeVisibility, ABidirectionalWindowIsAMask) {
  Problem p = make({.q_len = 6, .kv_len = 6});
  p.window_left = 1;
  p.window_right = 2;
  expect_equal_weights(*kernel, p);
}

TEST_P(OnnxRuntimeVisibility, ARightWindowOfZeroIsCausality) {
  Problem p = make({.q_len = 4, .kv_len = 6});
  p.window_right = 0;
  expect_equal_weights(*kernel, p);
}

TEST_P(OnnxRuntimeVisibility, MaskedKeysWeighNothing) {
  Problem p = make({.batch = 2, .q_len = 3, .kv_len = 3});
  p.mask = tensor_of(DType::u8, {1, 1, 3, 3}, {1, 0, 1, 0, 1, 1, 0, 0, 1});
  expect_equal_weights(*kernel, p);
  p.causal = Causal::top_left;
  p.mask = tensor_of(DType::u8, {1, 1, 1, 3}, {1, 0, 1});
  expect_equal_weights(*kernel, p);
}

TEST_P(OnnxRuntimeVisibility, AMaskMayDifferByBatchAndHead) {
  Problem p = make({.batch = 2, .q_heads = 2, .kv_heads = 2, .q_len = 3, .kv_len = 3});
  p.mask = tensor_of(DType::u8, {2, 2, 1, 3}, {1, 0, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1});
  expect_equal_weights(*kernel, p);
  p.mask = tensor_of(DType::u8, {2, 1, 1, 3}, {1, 0, 1, 0, 1, 1});
  expect_equal_weights(*kernel, p);
  p.mask = tensor_of(DType::u8, {1, 2, 1, 3}, {1, 0, 1, 0, 1, 1});
  expect_equal_weights(*kernel, p);
}

TEST_P(OnnxRuntimeVisibility, ABiasOfMinusInfinityMasks) {
  const double inf = HUGE_VAL;
  Problem p = make({.q_len = 3, .kv_len = 3});
  p.bias = tensor_of(DType::f32, {1, 1, 3, 3}, {0, -inf, 0, 0, 0, -inf, -inf, -inf, 0});
  expect_equal_weights(*kernel, p);
}

TEST_P(OnnxRuntimeVisibility, PaddingKeysWeighNothing) {
  Problem p = make({.batch = 2, .q_len = 1, .kv_len = 6});
  p.kv_lens = tensor_of(DType::i32, {2}, {6, 3});
  expect_equal_weights(*kernel, p);
  p.causal = Causal::bottom_right;
  expect_equal_weights(*kernel, p);
}

TEST_P(OnnxRuntimeVisibility, BottomRightCausalityCountsBackFromTheLastKeyThatExists) {
  Problem p = make({.q_len = 3, .kv_len = 8});
  p.kv_lens = tensor_of(DType::i32, {1}, {6});
  p.causal = Causal::bottom_right;
  expect_equal_weights(*kernel, p);
}

TEST_P(OnnxRuntimeVisibility, TopLeftCausalityIgnoresPaddingForItsPositions) {
  Problem p = make({.q_len = 3, .kv_len = 3});
  p.kv_lens = tensor_of(DType::i32, {1}, {2});
  p.causal = Causal::top_left;
  if (is("gqa")) {  // its positions end at the last key that exists
    EXPECT_EQ(kernel->run(p, {}).status, RunStatus::unsupported);
  } else {
    expect_equal_weights(*kernel, p);
  }
}

TEST_P(OnnxRuntimeVisibility, QueryHeadsShareKeyHeadsInGroups) {
  Problem p = make({.q_heads = 4, .kv_heads = 2, .q_len = 3, .kv_len = 3});
  p.causal = Causal::top_left;
  if (is("mha") || is("contrib-attention")) {
    EXPECT_EQ(kernel->run(p, {}).status, RunStatus::unsupported);
  } else {
    expect_equal_weights(*kernel, p);
  }
}

TEST_P(OnnxRuntimeVisibility, ARowWithoutKeysIsZeroWhereTheOperatorSaysSo) {
  Problem p = make({.q_len = 4, .kv_len = 2});
  p.causal = Causal::bottom_right;
  if (contrib() || GetParam().dtype == DType::f64) {
    EXPECT_EQ(kernel->run(p, {}).status, RunStatus::unsupported);
  } else {
    expect_equal_weights(*kernel, p);
    p.causal = Causal::none;
    p.mask = tensor_of(DType::u8, {1, 1, 4, 2}, {0, 0, 1, 0, 1, 1, 0, 0});
    expect_equal_weights(*kernel, p);
  }
}

TEST_P(OnnxRuntimeVisibility, AKeyThatDominatesGivesItsValueExactly) {
  for (const std::int64_t winner : {0, 2, 3}) {
    Problem p = make({.q_len = 2, .kv_len = 4, .dim = 8});
    std::mt19937_64 random(5);
    testing_onnxruntime::randomize(p.v, random);
    for (const std::int64_t i : {0, 1}) p.q.set({0, 0, i, 0}, 32);
    p.k.set({0, 0, winner, 0}, 32);  // a score of 1024, others 0: e^-1024 is 0 in every format
    const RunOutcome outcome = kernel->run(p, {});
    ASSERT_EQ(outcome.status, RunStatus::ok) << outcome.detail;
    for (std::int64_t c = 0; c < 8; ++c) {
      EXPECT_EQ(outcome.result.out.at({0, 0, 1, c}), p.v.at({0, 0, winner, c}));
    }
  }
}

TEST_P(OnnxRuntimeVisibility, StridesAndBroadcastInputsMeanTheSameElements) {
  Problem p = make({.batch = 2, .q_heads = 2, .kv_heads = 2, .q_len = 3, .kv_len = 3});
  p.causal = Causal::top_left;
  p.v = p.v.with_strides({96, 1, 32, 2});
  p.k = Tensor(p.k.dtype(), p.k.shape(), {0, 0, 0, 1});
  expect_equal_weights(*kernel, p);
}

}  // namespace
}  // namespace attest::kernel
