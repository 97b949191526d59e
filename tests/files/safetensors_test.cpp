#include "files/safetensors.hpp"

#include <gtest/gtest.h>

#include "archives.hpp"

namespace attest::files {
namespace {

using test::error_of;
using test::safetensors;

std::string error_in(const std::string& header, std::string_view data = "") {
  return error_of([&] { parse_safetensors(safetensors(header, data)); });
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Safetensors, ReadsWhatTheFormatDescribes) {
  using namespace std::string_literals;
  const TensorArchive archive = parse_safetensors(safetensors(
      R"({"__metadata__":{"scale":"0.5"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},)"
      R"("b":{"dtype":"BF16","shape":[],"data_offsets":[8,10]},"c":{"dtype":"I64","shape":[1],"data_offsets":[10,18]}})",
      "\0\0\x80\x3f\0\0\0\xc0"s + "\x40\x40"s + "12345678"));
  EXPECT_EQ(archive.texts.at("scale"), "0.5");
  EXPECT_EQ(archive.tensors.at("a").values(), (std::vector<double>{1, -2}));
  EXPECT_EQ(archive.tensors.at("a").shape(), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(archive.tensors.at("b").values(), std::vector<double>{3});
  EXPECT_EQ(archive.foreign.at("c"), "I64");
  EXPECT_EQ(archive.tensors.size(), 2U);
}

TEST(Safetensors, ReadsIntegersThatI32Holds) {
  using namespace std::string_literals;
  const TensorArchive archive =
      parse_safetensors(safetensors(R"({"a":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},)"
                                    R"("b":{"dtype":"I8","shape":[1,2],"data_offsets":[16,18]},)"
                                    R"("c":{"dtype":"I16","shape":[0],"data_offsets":[18,18]}})",
                                    "\x05\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x01\x80"s));
  EXPECT_EQ(archive.tensors.at("a").values(), (std::vector<double>{5, -1}));
  EXPECT_EQ(archive.tensors.at("b").values(), (std::vector<double>{1, -128}));
  EXPECT_EQ(archive.tensors.at("c").shape(), std::vector<std::int64_t>{0});
  EXPECT_NE(error_of([&] {
              parse_safetensors(
                  safetensors(R"({"a":{"dtype":"I64","shape":[2],"data_offsets":[0,8]}})", "12345678"));
            }).find("8 bytes for 2 elements of I64"),
            std::string::npos);
}

TEST(Safetensors, WritesWhatItReads) {
  TensorArchive archive;
  archive.texts = {{"scale", "0.1"}, {"note", "\"quoted\" \n"}};
  for (const DType dtype : {DType::f64, DType::f32, DType::f16, DType::bf16, DType::i32, DType::u8}) {
    Tensor tensor(dtype, {2, 3}, {1, 2});  // column-major: written in the logical order
    tensor.assign({1, 2, 3, 4, 5, 6});
    archive.tensors.emplace(name_of(dtype), tensor);
  }
  archive.tensors.emplace("empty", Tensor(DType::f32, {3, 0}));
  const TensorArchive again = parse_safetensors(safetensors_of(archive));
  EXPECT_EQ(again.texts, archive.texts);
  ASSERT_EQ(again.tensors.size(), archive.tensors.size());
  for (const auto& [name, tensor] : archive.tensors) {
    EXPECT_EQ(again.tensors.at(name).dtype(), tensor.dtype());
    EXPECT_EQ(again.tensors.at(name).shape(), tensor.shape());
    EXPECT_EQ(again.tensors.at(name).values(), tensor.values());
  }
}

// Other readers refuse gaps, and a header that is not aligned.
TEST(Safetensors, LeavesNoGaps) {
  TensorArchive archive;
  archive.tensors.emplace("a", Tensor(DType::u8, {3}));
  archive.tensors.emplace("b", Tensor(DType::f64, {2}));
  archive.tensors.emplace("c", Tensor(DType::f16, {5}));
  const Bytes file = safetensors_of(archive);
  const std::string text(reinterpret_cast<const char*>(file.data()), file.size());
  EXPECT_NE(text.find(R"("b":{"dtype":"F64","shape":[2],"data_offsets":[0,16]})"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("c":{"dtype":"F16","shape":[5],"data_offsets":[16,26]})"), std::string::npos);
  EXPECT_NE(text.find(R"("a":{"dtype":"U8","shape":[3],"data_offsets":[26,29]})"), std::string::npos);
  EXPECT_EQ((file.size() - 29) % 8, 0U);
}

TEST(Safetensors, SaysWhatIsWrong) {
  EXPECT_TRUE(mentions(error_of([] { parse_safetensors(Bytes(7)); }), "too few for a header length"));
  EXPECT_TRUE(
      mentions(error_of([] { parse_safetensors(Bytes(100, std::byte{1})); }), "exceeds the 92 bytes"));
  EXPECT_TRUE(mentions(error_in("[1]"), "not a JSON object"));
  EXPECT_TRUE(mentions(error_in("{\"a\":"), "not JSON"));
  EXPECT_TRUE(mentions(error_in(R"({"a":3})"), "tensor \"a\" is not described by an object"));
  EXPECT_TRUE(mentions(error_in(R"({"a":{"shape":[1],"data_offsets":[0,4]}})"), "has no \"dtype\""));
  EXPECT_TRUE(mentions(error_in(R"({"a":{"dtype":4,"shape":[1],"data_offsets":[0,4]}})"),
                       "\"dtype\" is not a string"));
  EXPECT_TRUE(mentions(error_in(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", "1234"),
                       "must hold integers"));
  EXPECT_TRUE(mentions(error_in(R"({"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}})", "1234"),
                       "must hold integers"));
  EXPECT_TRUE(
      mentions(error_in(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "123"), "not a range"));
  EXPECT_TRUE(
      mentions(error_in(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", "1234"), "not a range"));
  EXPECT_TRUE(
      mentions(error_in(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}})", "1234"), "not a range"));
  EXPECT_TRUE(mentions(error_in(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", "1234"),
                       "4 bytes for 2"));
  EXPECT_TRUE(
      mentions(error_in(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4,0],"data_offsets":[0,0]}})"),
               "too large a shape"));
  EXPECT_TRUE(
      mentions(error_in(R"({"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}})", "1234"),
               "9 axes"));
  EXPECT_TRUE(mentions(error_in(R"({"__metadata__":{"scale":0.5}})"), "\"scale\" is not a string"));
  EXPECT_TRUE(mentions(error_in(R"({"__metadata__":[]})"), "__metadata__ is not an object"));
}

TEST(Safetensors, RefusesEveryPrefix) {
  TensorArchive archive;
  archive.texts = {{"scale", "1"}};
  archive.tensors.emplace("a", Tensor(DType::f32, {3}));
  const Bytes file = safetensors_of(archive);
  for (std::size_t size = 0; size < file.size(); ++size) {
    EXPECT_NE(error_of([&] { parse_safetensors(ByteView(file.data(), size)); }), "(it was read)") << size;
  }
}

}  // namespace
}  // namespace attest::files
