// Captures as people have them mean the same as in the ABI's shapes and types.
#include "files/capture/abi_forms.hpp"

#include <cmath>
#include <functional>
#include <limits>

#include <gtest/gtest.h>

#include "archives.hpp"
#include "files/problem_archive.hpp"

namespace attest::files {
namespace {

using test::error_of;
using Shape = std::vector<std::int64_t>;

Tensor numbered(DType dtype, const Shape& shape) {
  Tensor tensor(dtype, shape);
  std::vector<double> values(static_cast<std::size_t>(tensor.count()));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i % 13) / 4;
  tensor.assign(values);
  return tensor;
}

Tensor filled(DType dtype, const Shape& shape, const std::vector<double>& values) {
  Tensor tensor(dtype, shape);
  tensor.assign(values);
  return tensor;
}

// 2 batches, 4 heads on 2, 3 rows, 5 keys.
TensorArchive plain() {
  TensorArchive archive;
  archive.tensors = {{"q", numbered(DType::f32, {2, 4, 3, 6})},
                     {"k", numbered(DType::f32, {2, 2, 5, 6})},
                     {"v", numbered(DType::f32, {2, 2, 5, 7})},
                     {"out", numbered(DType::f32, {2, 4, 3, 7})}};
  archive.texts = {{"scale", "0.5"}, {"causal", "none"}};
  return archive;
}

Problem read(TensorArchive archive) {
  to_abi_forms(archive);
  return problem_from(archive);
}

std::string error_with(const std::function<void(TensorArchive&)>& change) {
  TensorArchive archive = plain();
  change(archive);
  return error_of([&] {
    to_abi_forms(archive);
    result_from(archive, problem_from(archive));
  });
}

// [b, h, t, d] as [b, t, h * d].
Tensor flat(const Tensor& tensor) {
  const Tensor turned = reordered(tensor, AxisOrder::bthd);
  return filled(tensor.dtype(), {turned.dim(0), turned.dim(1), turned.dim(2) * turned.dim(3)},
                turned.values());
}

TensorArchive flat_archive() {
  TensorArchive archive = plain();
  for (auto& [name, tensor] : archive.tensors) tensor = flat(tensor);
  archive.texts["layout"] = "bthd";
  archive.texts["q_heads"] = "4";
  archive.texts["kv_heads"] = "2";
  return archive;
}

TEST(AbiForms, HeadsAndDimInOneAxisAreTheSameProblem) {
  const Problem wanted = read(plain());
  TensorArchive archive = flat_archive();
  to_abi_forms(archive);
  const Problem p = problem_from(archive);
  for (const auto& [mine, theirs] : {std::pair{&p.q, &wanted.q}, {&p.k, &wanted.k}, {&p.v, &wanted.v}}) {
    EXPECT_EQ(mine->shape(), theirs->shape());
    EXPECT_EQ(mine->values(), theirs->values());
  }
  EXPECT_EQ(result_from(archive, p).out.values(), plain().tensors.at("out").values());
}

TEST(AbiForms, AFortranOrderedTensorIsSplitByItsStrides) {
  TensorArchive archive = flat_archive();
  Tensor& q = archive.tensors.at("q");
  q = q.with_strides({1, 2, 6});
  EXPECT_EQ(read(archive).q.values(), read(plain()).q.values());
}

TEST(AbiForms, HeadsThatAreNotGivenOrDoNotDivideAreErrors) {
  const auto flat_error = [](const std::function<void(TensorArchive&)>& change) {
    return error_with([&](TensorArchive& archive) {
      archive = flat_archive();
      change(archive);
    });
  };
  const std::string layout =
      "q has rank 3; [batch, length, heads * dim] needs the layout bthd and the text q_heads, the number of "
      "heads";
  EXPECT_EQ(flat_error([](TensorArchive&) {}), "(it was read)");
  EXPECT_EQ(flat_error([](TensorArchive& a) { a.texts.erase("layout"); }), layout);
  EXPECT_EQ(flat_error([](TensorArchive& a) { a.texts.erase("q_heads"); }), layout);
  EXPECT_EQ(flat_error([](TensorArchive& a) { a.texts["q_heads"] = "5"; }),
            "q has 24 channels, which are no multiple of 5 heads");
  EXPECT_EQ(flat_error([](TensorArchive& a) { a.texts["kv_heads"] = "0"; }),
            "kv_heads is 0, must be at least 1");
  // Without kv_heads, k and v have as many heads as q, and other dims.
  EXPECT_EQ(flat_error([](TensorArchive& a) { a.texts.erase("kv_heads"); }),
            "v has 14 channels, which are no multiple of 4 heads");
  EXPECT_EQ(error_with([](TensorArchive& a) { a.texts["q_heads"] = "3"; }), "q has 4 heads, not 3");
}

// Every rank and every broadcast axis of [2, 4, 3, 5].
TEST(AbiForms, MasksAndBiasesOfAnyRankBroadcastAsInNumPy) {
  for (const Shape& shape : {Shape{5},
                             {1},
                             {3, 5},
                             {1, 5},
                             {3, 1},
                             {4, 3, 5},
                             {4, 1, 5},
                             {1, 3, 1},
                             {4, 1, 1},
                             {2, 4, 3, 5},
                             {2, 1, 1, 5},
                             {1, 4, 3, 1},
                             {2, 4, 1, 1}}) {
    TensorArchive archive = plain();
    Tensor mask(DType::u8, shape);
    std::vector<double> bits(static_cast<std::size_t>(mask.count()));
    for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = i % 3 == 0 ? 0 : 1;
    mask.assign(bits);
    archive.tensors["mask"] = mask;
    archive.tensors["bias"] = numbered(DType::f32, shape);
    const Problem p = read(archive);
    Shape full(4 - shape.size(), 1);
    full.insert(full.end(), shape.begin(), shape.end());
    for (std::int64_t b = 0; b < 2; ++b) {
      for (std::int64_t h = 0; h < 4; ++h) {
        for (std::int64_t i = 0; i < 3; ++i) {
          for (std::int64_t j = 0; j < 5; ++j) {
            std::int64_t at = 0;
            for (const auto& [axis, index] : {std::pair{std::size_t{0}, b},
                                              {std::size_t{1}, h},
                                              {std::size_t{2}, i},
                                              {std::size_t{3}, j}})
              at = at * full[axis] + (full[axis] == 1 ? 0 : index);
            EXPECT_EQ(p.mask->at({b, h, i, j}), bits[static_cast<std::size_t>(at)]);
            EXPECT_EQ(p.bias->at({b, h, i, j}), static_cast<double>(at % 13) / 4);
          }
        }
      }
    }
  }
  EXPECT_EQ(
      error_with([](TensorArchive& a) {
        a.tensors["mask"] = Tensor(DType::u8, {2, 3, 5});
      }),
      "mask has shape [2, 3, 5], which does not broadcast to [batch, q_heads, q_len, kv_len] = [2, 4, 3, "
      "5]");
  EXPECT_EQ(
      error_with([](TensorArchive& a) {
        a.tensors["bias"] = Tensor(DType::f32, {1, 2, 4, 3, 5});
      }),
      "bias has shape [1, 2, 4, 3, 5], which does not broadcast to [batch, q_heads, q_len, kv_len] = [2, "
      "4, 3, 5]");
}

TEST(AbiForms, TypesAreConvertedWhereNoValueChanges) {
  TensorArchive archive = plain();
  archive.tensors["mask"] = filled(DType::i32, {5}, {1, 0, 1, 1, 0});
  archive.tensors["bias"] = filled(DType::f64, {5}, {0, -1e9, -HUGE_VAL, 0.5, 3});
  archive.tensors["sink"] = filled(DType::f16, {4}, {0, 1, 2, 3});
  archive.tensors["kv_lens"] = filled(DType::u8, {2}, {5, 4});
  const Problem p = read(archive);
  EXPECT_EQ(p.mask->dtype(), DType::u8);
  EXPECT_EQ(p.bias->dtype(), DType::f32);
  EXPECT_EQ(p.bias->at({0, 0, 0, 1}), -1e9);
  EXPECT_EQ(p.bias->at({0, 0, 0, 2}), -HUGE_VAL);
  EXPECT_EQ(p.sink->dtype(), DType::f32);
  EXPECT_EQ(p.kv_lens->dtype(), DType::i32);

  EXPECT_EQ(error_with([](TensorArchive& a) { a.tensors["bias"] = filled(DType::f64, {1}, {0.1}); }),
            "bias holds 0.1, which f32 does not hold; store it as the program used it, rounded");
  EXPECT_EQ(error_with([](TensorArchive& a) { a.tensors["mask"] = filled(DType::i32, {1}, {-1}); }),
            "mask holds -1; only 0 and 1 are values of a mask");
  EXPECT_EQ(error_with([](TensorArchive& a) { a.tensors["mask"] = filled(DType::i32, {1}, {2}); }),
            "mask holds 2; only 0 and 1 are values of a mask");
  EXPECT_EQ(error_with([](TensorArchive& a) { a.tensors["mask"] = filled(DType::f32, {1}, {1}); }),
            "mask is f32, must be bool or integers; a mask that is added to scores is called bias");
  EXPECT_EQ(error_with([](TensorArchive& a) {
              a.tensors["kv_lens"] = filled(DType::f32, {2}, {5, 4});
            }),
            "kv_lens is f32, must be integers");
}

// An f64 program uses all digits of its bias.
TEST(AbiForms, ABiasOfF64StaysWhereTheCaptureIsF64) {
  TensorArchive archive = plain();
  for (auto& [name, tensor] : archive.tensors) tensor = filled(DType::f64, tensor.shape(), tensor.values());
  archive.tensors["bias"] = filled(DType::f64, {5}, {0.1, 0.2, 0.3, 0.4, 0.5});
  const Problem p = read(archive);
  EXPECT_EQ(p.bias->dtype(), DType::f64);
  EXPECT_EQ(p.bias->at({1, 3, 2, 0}), 0.1);
  EXPECT_NE(why_invalid(p), "");  // the ABI has f32 biases only: no kernel is called with this
}

TEST(AbiForms, QStartGivesTheSamePositionsAsTheAbiWhereItCan) {
  const auto with = [](const std::string& q_start, const std::string& causal) {
    TensorArchive archive = plain();
    archive.texts["q_start"] = q_start;
    archive.texts["causal"] = causal;
    return read(archive);
  };
  EXPECT_EQ(with("0", "True").causal, Causal::top_left);
  EXPECT_EQ(with("0", "True").q_start, std::nullopt);
  EXPECT_EQ(with("2", "True").causal, Causal::bottom_right);
  EXPECT_EQ(with("2", "True").q_start, std::nullopt);
  EXPECT_EQ(with("2", "bottom-right").q_start, std::nullopt);
  EXPECT_EQ(with("1", "none").q_start, std::nullopt);  // nothing depends on positions
  EXPECT_EQ(with("1", "True").q_start, std::optional<std::int64_t>(1));
  EXPECT_EQ(with("-1", "True").q_start, std::optional<std::int64_t>(-1));
  EXPECT_EQ(error_of([&] { with("1", "top-left"); }),
            "causal is top-left, but q_start is 1; with q_start write causal = True");
  EXPECT_EQ(error_of([&] { with("1", "bottom-right"); }),
            "causal is bottom-right, but q_start is 1; with q_start write causal = True");
  EXPECT_EQ(error_of([&] { with("0.5", "True"); }), "q_start is '0.5', must be an integer");
  EXPECT_EQ(error_of([&] { with("1e15", "True"); }), "q_start is 1000000000000000, must be within 2^36 of 0");
  EXPECT_NE(why_invalid(with("1", "True")), "");  // no kernel can be asked for this
}

TEST(AbiForms, AProblemWithQStartIsWrittenAndReadAgain) {
  TensorArchive archive = plain();
  archive.texts["q_start"] = "1";
  archive.texts["causal"] = "True";
  archive.texts["window_left"] = "2";
  const Problem again = read(archive_of(read(archive)));
  EXPECT_EQ(again.q_start, std::optional<std::int64_t>(1));
  EXPECT_EQ(again.causal, Causal::bottom_right);
  EXPECT_EQ(again.window_left, 2);
}

}  // namespace
}  // namespace attest::files
