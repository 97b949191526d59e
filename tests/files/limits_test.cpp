// What files may hold, and that nothing is read of what is refused.
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archives.hpp"
#include "files/byte_source.hpp"
#include "files/names.hpp"
#include "files/npy.hpp"
#include "files/problem_archive.hpp"
#include "files/safetensors.hpp"
#include "files/strict_json.hpp"

namespace attest::files {
namespace {

using test::error_of;

// Fails a test when a parser reads past what it may.
class Watched final : public ByteSource {
 public:
  Watched(Bytes begin, std::uint64_t size) : begin_(std::move(begin)), size_(size) {}
  std::uint64_t size() const override { return size_; }
  void read(std::uint64_t offset, std::span<std::byte> to) const override {
    most_read_ = std::max(most_read_, offset + to.size());
    ASSERT_LE(most_read_, begin_.size()) << "reads data";
    std::copy_n(begin_.begin() + static_cast<std::ptrdiff_t>(offset), to.size(), to.begin());
  }

 private:
  Bytes begin_;
  std::uint64_t size_;
  mutable std::uint64_t most_read_ = 0;
};

TEST(Limits, UnknownTensorsAreRefusedBeforeTheyAreRead) {
  const Watched file(test::safetensors(R"({"x":{"dtype":"F32","shape":[250000000000],)"
                                       R"("data_offsets":[0,1000000000000]}})"),
                     std::uint64_t{1} << 40);
  EXPECT_EQ(error_of([&] { parse_safetensors(file, require_tensor_name); }),
            "unknown tensor 'x'; known are q, k, v, bias, mask, alibi_slopes, sink, kv_lens, out, lse");
}

TEST(Limits, AnArrayOfAnotherSizeIsRefusedBeforeItIsRead) {
  const Watched file(test::npy("{'descr': '<f4', 'fortran_order': False, 'shape': (250000000000,)}", ""),
                     std::uint64_t{1} << 30);
  TensorArchive archive;
  EXPECT_NE(error_of([&] { parse_npy(file, "q", archive); }).find("250000000000 elements of 4 bytes need"),
            std::string::npos);
}

TEST(Limits, TensorsMayTouchButNotOverlap) {
  const auto pair = [](int first_end, int second_begin) {
    return error_of([&] {
      parse_safetensors(
          test::safetensors(fmt::format(R"({{"b":{{"dtype":"U8","shape":[{0}],"data_offsets":[{1},{2}]}},)"
                                        R"("a":{{"dtype":"U8","shape":[{3}],"data_offsets":[0,{3}]}},)"
                                        R"("none":{{"dtype":"U8","shape":[0],"data_offsets":[2,2]}}}})",
                                        8 - second_begin, second_begin, 8, first_end),
                            "12345678"));
    });
  };
  EXPECT_EQ(pair(4, 4), "(it was read)");
  EXPECT_EQ(pair(3, 5), "(it was read)");
  EXPECT_EQ(pair(5, 4), "safetensors: tensors \"a\" and \"b\" overlap");
}

TEST(Limits, JsonIsStrict) {
  EXPECT_EQ(parse_json(R"({"a":[1,{"b":2}],"c":"x"})")["a"][1]["b"], 2);
  EXPECT_EQ(parse_json(R"([{"a":1},{"a":2}])")[1]["a"], 2) << "the same name in two objects";
  EXPECT_EQ(error_of([] { parse_json(R"({"a":1,"b":{"a":1,"a":2}})"); }), "it has \"a\" twice");
  EXPECT_EQ(error_of([] { parse_json("[[[1]]]", {.depth = 2}); }), "it is nested deeper than 2 levels");
  EXPECT_EQ(error_of([] { parse_json("[1,2,3]", {.values = 3}); }), "it holds more than 3 values");
  EXPECT_EQ(error_of([] { parse_json(R"({"a":1,"b":1})", {.members = 1}); }),
            "an object has more than 1 members");
  EXPECT_LT(error_of([] { parse_json(std::string(1'000'000, 'x')); }).size(), 140U);
}

TEST(Limits, AFileIsARegularOneOfALimitedSize) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / ("attest-limits-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string file = folder / "file";
  std::ofstream(file) << "12345";
  EXPECT_EQ(FileSource(file, 5).size(), 5U);
  EXPECT_EQ(error_of([&] { FileSource(file, 4); }).find("has 5 bytes; the limit is 4") != std::string::npos,
            true);
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_NE(error_of([&] { FileSource(pipe, 4); }).find("no regular file"), std::string::npos);
  EXPECT_NE(error_of([&] { FileSource("/dev/zero", 4); }).find("no regular file"), std::string::npos);
  EXPECT_NE(error_of([&] { FileSource(folder, 4); }).find("is a folder"), std::string::npos);
  // A file that shrinks while it is read is an error, no crash.
  const FileSource source(file, 5);
  std::filesystem::resize_file(file, 2);
  Bytes bytes(5);
  EXPECT_NE(error_of([&] { source.read(0, bytes); }).find("became shorter"), std::string::npos);
  std::filesystem::remove_all(folder);
}

TEST(Names, SuggestWhatOtherProgramsMean) {
  const auto suggested = [](const std::string& name) { return error_of([&] { require_any_name(name); }); };
  for (const auto& [name, meant] : {std::pair{"attn_mask", "mask"},
                                    {"is_causal", "causal"},
                                    {"left_window_size", "window_left"},
                                    {"window_rigth", "window_right"},
                                    {"softmax_scale", "scale"},
                                    {"cache_seqlens", "kv_lens"},
                                    {"q_num_heads", "q_heads"},
                                    {"num_key_value_heads", "kv_heads"},
                                    {"past_length", "q_start"},
                                    {"Q", "q"},
                                    {"Query", "q"}})
    EXPECT_EQ(suggested(name), fmt::format("unknown array '{}'; did you mean {}", name, meant));
  EXPECT_NE(suggested("rng").find("known are q, k, v, "), std::string::npos);
  for (const char* name : {"q", "scale", "layout", "note", "note_from", "version"})
    EXPECT_EQ(suggested(name), "(it was read)");
}

}  // namespace
}  // namespace attest::files
