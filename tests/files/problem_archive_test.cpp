#include "files/problem_archive.hpp"

#include <gtest/gtest.h>

#include "archives.hpp"
#include "files/safetensors.hpp"

namespace attest::files {
namespace {

using test::error_of;

Tensor numbered(DType dtype, const std::vector<std::int64_t>& shape) {
  Tensor tensor(dtype, shape);
  std::vector<double> values(static_cast<std::size_t>(tensor.count()));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i % 7) / 4;
  tensor.assign(values);
  return tensor;
}

Problem full_problem() {
  Problem p;
  p.q = numbered(DType::f16, {2, 4, 3, 5});
  p.k = numbered(DType::bf16, {2, 2, 6, 5});
  p.v = numbered(DType::bf16, {2, 2, 6, 7});
  p.scale = 0.1;
  p.causal = Causal::bottom_right;
  p.window_left = 4;
  p.window_right = 1;
  p.softcap = 1.0 / 3;
  p.bias = numbered(DType::f32, {1, 4, 3, 6});
  p.mask = Tensor(DType::u8, {2, 1, 1, 6});
  p.alibi_slopes = numbered(DType::f32, {4});
  p.sink = numbered(DType::f32, {4});
  p.kv_lens = numbered(DType::i32, {2});
  return p;
}

TEST(ProblemArchive, KeepsEveryPart) {
  const Problem p = full_problem();
  const Problem again = problem_from(parse_safetensors(safetensors_of(archive_of(p))));
  EXPECT_EQ(describe(again), describe(p));
  EXPECT_EQ(again.scale, p.scale);
  EXPECT_EQ(again.softcap, p.softcap);
  EXPECT_EQ(again.causal, p.causal);
  EXPECT_EQ(again.window_left, p.window_left);
  EXPECT_EQ(again.window_right, p.window_right);
  EXPECT_TRUE(again.want_lse);
  EXPECT_EQ(again.q.values(), p.q.values());
  EXPECT_EQ(again.k.values(), p.k.values());
  EXPECT_EQ(again.v.values(), p.v.values());
  EXPECT_EQ(again.bias->values(), p.bias->values());
  EXPECT_EQ(again.mask->values(), p.mask->values());
  EXPECT_EQ(again.alibi_slopes->values(), p.alibi_slopes->values());
  EXPECT_EQ(again.sink->values(), p.sink->values());
  EXPECT_EQ(again.kv_lens->values(), p.kv_lens->values());
}

// A file holds packed tensors, whatever the problem's layout.
TEST(ProblemArchive, PacksEveryLayout) {
  const Problem packed = full_problem();
  Problem p = packed;
  p.q = p.q.with_strides({1, 2, 8, 24});
  p.k = p.k.spread_to({std::int64_t{1} << 31, 30, 5, 1});
  p.bias = p.bias->with_strides({999, 30, 1, 5});
  p.mask = Tensor(DType::u8, {2, 1, 1, 6}, {1, 0, 0, 0});
  p.alibi_slopes = p.alibi_slopes->with_strides({3});
  p.kv_lens = p.kv_lens->with_strides({2});
  p.out_strides = {84, 7, 28, 1};
  EXPECT_EQ(safetensors_of(archive_of(p)), safetensors_of(archive_of(packed)));
}

TEST(ProblemArchive, KeepsEveryPartInTheOtherOrderOfAxes) {
  const Problem p = full_problem();
  TensorArchive archive = parse_safetensors(safetensors_of(archive_of(p, AxisOrder::bthd)));
  EXPECT_EQ(archive.texts["layout"], "bthd");
  EXPECT_EQ(archive.tensors["q"].shape(), (std::vector<std::int64_t>{2, 3, 4, 5}));
  EXPECT_EQ(archive.tensors["bias"].shape(), p.bias->shape());
  const Problem again = problem_from(archive);
  for (const auto& [mine, theirs] : {std::pair{&p.q, &again.q}, {&p.k, &again.k}, {&p.v, &again.v}}) {
    EXPECT_EQ(mine->shape(), theirs->shape());
    EXPECT_EQ(mine->values(), theirs->values());
  }
  const Tensor out = numbered(DType::f16, {2, 4, 3, 7});
  archive.tensors["out"] = reordered(out, AxisOrder::bthd);
  EXPECT_EQ(result_from(archive, again).out.values(), out.values());
  archive.texts.erase("layout");
  EXPECT_EQ(result_from(archive, again, AxisOrder::bthd).out.values(), out.values());
  archive.texts["layout"] = "hbtd";
  EXPECT_EQ(error_of([&] { problem_from(archive); }),
            "layout is 'hbtd', must be bhtd or bthd (batch, heads, length, dim)");
}

TEST(ProblemArchive, ReadsEverySpellingOfCausal) {
  TensorArchive archive = archive_of(full_problem());
  const auto causal = [&](const std::string& text) {
    archive.texts["causal"] = text;
    return problem_from(archive).causal;
  };
  for (const char* text : {"none", "0", "False", "false"}) EXPECT_EQ(causal(text), Causal::none) << text;
  for (const char* text : {"top-left", "top_left", "1"}) EXPECT_EQ(causal(text), Causal::top_left) << text;
  for (const char* text : {"bottom-right", "bottom_right", "2"})
    EXPECT_EQ(causal(text), Causal::bottom_right) << text;
  // 3 rows and 6 keys: programs differ in what True means.
  EXPECT_NE(error_of([&] { causal("True"); }).find("causal is True, which does not say"), std::string::npos);
}

TEST(ProblemArchive, WidensExactlyWhereDtypesDiffer) {
  TensorArchive archive = archive_of(full_problem());
  archive.tensors["v"] = numbered(DType::f32, {2, 2, 6, 7});
  archive.tensors["out"] = numbered(DType::f32, {2, 4, 3, 7});
  const Problem p = problem_from(archive);
  EXPECT_EQ(p.q.dtype(), DType::f32);
  EXPECT_EQ(p.k.dtype(), DType::f32);
  EXPECT_EQ(p.q.values(), full_problem().q.values());
  EXPECT_EQ(p.k.values(), full_problem().k.values());
  EXPECT_EQ(result_from(archive, p).out.values(), archive.tensors["out"].values());
}

TEST(ProblemArchive, SaysWhatIsMissingOrWrong) {
  const auto error_with = [](const std::function<void(TensorArchive&)>& change) {
    TensorArchive archive = archive_of(full_problem());
    archive.tensors["out"] = numbered(DType::f16, {2, 4, 3, 7});
    change(archive);
    return error_of([&] { result_from(archive, problem_from(archive)); });
  };
  EXPECT_EQ(error_with([](TensorArchive&) {}), "(it was read)");
  EXPECT_EQ(error_with([](TensorArchive& a) { a.texts.erase("scale"); }),
            "there is no scale in the metadata; 1 / sqrt(qk_dim) would be 0.4472135954999579");
  EXPECT_EQ(error_with([](TensorArchive& a) { a.texts.erase("causal"); }),
            "there is no causal in the metadata; it is none, top-left or bottom-right");
  EXPECT_EQ(error_with([](TensorArchive& a) { a.texts["causal"] = "yes"; }),
            "causal is 'yes', must be none, top-left or bottom-right");
  EXPECT_EQ(error_with([](TensorArchive& a) { a.texts["scale"] = "0,5"; }),
            "scale is '0,5', which is not a number");
  EXPECT_EQ(error_with([](TensorArchive& a) { a.texts["window_left"] = "1.5"; }),
            "window_left is '1.5', must be an integer");
  EXPECT_EQ(error_with([](TensorArchive& a) { a.texts["scale"] = "nan"; }), "scale is nan, must be finite");
  EXPECT_EQ(error_with([](TensorArchive& a) { a.tensors.erase("k"); }),
            "there is no tensor k (there are: alibi_slopes, bias, kv_lens, mask, out, q, sink, v)");
  EXPECT_EQ(error_with([](TensorArchive& a) {
              a.tensors.erase("mask");
              a.foreign["mask"] = "F8_E4M3";
            }),
            "mask has element type F8_E4M3, must be f64, f32, f16 or bf16 (mask: bool or integers, "
            "kv_lens: integers)");
  EXPECT_EQ(error_with([](TensorArchive& a) {
              a.tensors["out"] = Tensor(DType::f16, {2, 4, 3, 6});
            }),
            "out has shape [2, 4, 3, 6], must be [2, 4, 3, 7]");
  EXPECT_EQ(error_with([](TensorArchive& a) {
              a.tensors["out"] = Tensor(DType::bf16, {2, 4, 3, 7});
            }),
            "out is bf16, must be f16");
  EXPECT_EQ(error_with([](TensorArchive& a) {
              a.tensors["lse"] = Tensor(DType::f16, {2, 4, 3});
            }),
            "lse is f16, must be f32");
  EXPECT_EQ(error_with([](TensorArchive& a) { a.tensors["kv_lens"] = Tensor(DType::i32, {3}); }),
            "kv_lens has shape [3], expected [batch] = [2]");
}

}  // namespace
}  // namespace attest::files
