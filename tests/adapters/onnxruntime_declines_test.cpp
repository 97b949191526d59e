// What no operator expresses is declined, not approximated.
#include "onnxruntime_support.hpp"

namespace attest::kernel {
namespace {

using testing_onnxruntime::open;
using testing_onnxruntime::tensor_of;
using testing_onnxruntime::uniform_problem;

RunStatus status(const std::string& variant, const Problem& p) { return open(variant)->run(p, {}).status; }

void expect_all(const Problem& p, RunStatus wanted) {
  ASSERT_EQ(why_invalid(p), "");
  for (const std::string& variant : onnxruntime_adapter().variants) {
    EXPECT_EQ(status(variant, p), wanted) << variant << " " << describe(p);
  }
}

Problem plain(DType dtype = DType::f32) { return uniform_problem(dtype, {.q_len = 2, .kv_len = 2}); }

TEST(OnnxRuntimeDeclines, NothingOfAPlainProblem) { expect_all(plain(), RunStatus::ok); }

TEST(OnnxRuntimeDeclines, TheLogSumExp) {
  Problem p = plain();
  p.want_lse = true;
  expect_all(p, RunStatus::unsupported);
}

TEST(OnnxRuntimeDeclines, Alibi) {
  Problem p = plain();
  p.alibi_slopes = tensor_of(DType::f32, {1}, {0.5});
  expect_all(p, RunStatus::unsupported);
}

TEST(OnnxRuntimeDeclines, EmptyTensors) {
  expect_all(uniform_problem(DType::f32, {.batch = 0, .q_len = 2, .kv_len = 2}), RunStatus::unsupported);
  expect_all(uniform_problem(DType::f32, {.q_len = 0, .kv_len = 2}), RunStatus::unsupported);
  expect_all(uniform_problem(DType::f32, {.q_len = 2, .kv_len = 0}), RunStatus::unsupported);
}

TEST(OnnxRuntimeDeclines, KeysOfAnotherTypeThanTheQueries) {
  Problem p = plain();
  p.k = plain(DType::f16).k;
  p.v = plain(DType::f16).v;
  expect_all(p, RunStatus::unsupported);
}

TEST(OnnxRuntimeDeclines, TypesWithoutAKernel) {
  expect_all(plain(DType::bf16), RunStatus::unsupported);
  for (const char* variant : {"mha", "gqa", "contrib-attention"}) {
    EXPECT_EQ(status(variant, plain(DType::f64)), RunStatus::unsupported) << variant;
  }
}

TEST(OnnxRuntimeDeclines, ABiasThatTheElementTypeCannotHold) {
  Problem p = plain(DType::f16);
  p.bias = tensor_of(DType::f32, {1, 1, 1, 2}, {0, 0.1});
  expect_all(p, RunStatus::unsupported);
  p.bias = tensor_of(DType::f32, {1, 1, 1, 2}, {0, 0.125});
  expect_all(p, RunStatus::ok);
}

TEST(OnnxRuntimeDeclines, ScalesThatAnOperatorRefusesOrRounds) {
  Problem p = plain();
  p.scale = -1;
  EXPECT_EQ(status("attention-23", p), RunStatus::unsupported);
  EXPECT_EQ(status("mha", p), RunStatus::ok);
  p = plain(DType::f64);
  p.scale = 0.5;  // its square root is no float
  EXPECT_EQ(status("attention-24", p), RunStatus::unsupported);
  p.scale = 0.25;
  EXPECT_EQ(status("attention-24", p), RunStatus::ok);
}

TEST(OnnxRuntimeDeclines, SoftcapAndSinkWhereThereAreNone) {
  Problem capped = plain();
  capped.softcap = 2;
  Problem sunk = plain();
  sunk.sink = tensor_of(DType::f32, {1}, {1});
  for (const char* variant : {"mha", "contrib-attention"}) {
    EXPECT_EQ(status(variant, capped), RunStatus::unsupported) << variant;
    EXPECT_EQ(status(variant, sunk), RunStatus::unsupported) << variant;
  }
  EXPECT_EQ(status("attention-24", sunk), RunStatus::unsupported);
  EXPECT_EQ(status("attention-24", capped), RunStatus::ok);
  EXPECT_EQ(status("gqa", sunk), RunStatus::ok);
  capped.softcap = 0.1;  // no float
  EXPECT_EQ(status("gqa", capped), RunStatus::unsupported);
}

TEST(OnnxRuntimeDeclines, ShapesThatGroupQueryAttentionRefuses) {
  EXPECT_EQ(status("gqa", uniform_problem(DType::f32, {.q_len = 2, .kv_len = 2, .dim = 12})),
            RunStatus::unsupported);
  EXPECT_EQ(status("gqa", uniform_problem(DType::f32, {.q_len = 3, .kv_len = 2})), RunStatus::unsupported);
  EXPECT_EQ(status("gqa", uniform_problem(DType::f32, {.batch = 2, .q_len = 2, .kv_len = 3})),
            RunStatus::unsupported);
}

TEST(OnnxRuntimeDeclines, WhatContribAttentionsInputCannotCarry) {
  EXPECT_EQ(status("contrib-attention", uniform_problem(DType::f32, {.q_len = 3, .kv_len = 2})),
            RunStatus::unsupported);
  Problem p = uniform_problem(DType::f32, {.q_len = 2, .kv_len = 3});
  EXPECT_EQ(status("contrib-attention", p), RunStatus::ok);
  p.bias = tensor_of(DType::f32, {1, 1, 1, 3}, {0, 1, 0});
  EXPECT_EQ(status("contrib-attention", p), RunStatus::unsupported);
}

}  // namespace
}  // namespace attest::kernel
