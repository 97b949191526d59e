// Safetensors files that break the format or a limit.
#include "malformed.hpp"

namespace attest::cli {
namespace {

std::string framed(const std::string& header, std::uint64_t length) {
  std::string file(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) file[i] = static_cast<char>(length >> (8 * i) & 0xff);
  return file + header;
}

std::string with_header(const std::string& header) { return framed(header, header.size()); }

Malformed bytes(const std::string& kind, const std::string& content, const std::string& says) {
  return {kind, "x.safetensors", [content](const auto& path) { put(path, content); }, says};
}

Malformed header(const std::string& kind, const std::string& text, const std::string& says) {
  return bytes(kind, with_header(text) + std::string(64, '\0'), says);
}

// A header whose tensor q is described by these members.
Malformed tensor(const std::string& kind, const std::string& members, const std::string& says) {
  return header(kind, "{\"q\":{" + members + "}}", says);
}

std::string many_tensors(int count) {
  std::string text = "{";
  for (int i = 0; i < count; ++i) {
    text += (i > 0 ? ",\"t" : "\"t") + std::to_string(i) +
            "\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}";
  }
  return text + "}";
}

std::vector<Malformed> headers() {
  return {
      bytes("an empty file", "", "too few"),
      bytes("seven bytes", "1234567", "too few"),
      bytes("a header longer than the file", framed("{}", 4096), "exceeds the 2 bytes"),
      bytes("a header of 2^63 bytes", framed("{}", std::uint64_t{1} << 63), "exceeds"),
      bytes("a header above the limit", with_header("{}" + std::string(2 << 20, ' ')), "the limit is"),
      header("a header that is no JSON", "{q}", "not JSON"),
      header("a header that is an array", "[]", "not a JSON object"),
      header("a header that ends early", "{\"q\":", "not JSON"),
      header("a header of text", std::string(100'000, 'x'), "not JSON"),
      header("a header with bytes that are no UTF-8", "{\"\xff\xfe\":1}", "not JSON"),
      header("a tensor given twice", "{\"q\":{},\"q\":{}}", "\"q\" twice"),
      header("metadata given twice", R"({"__metadata__":{"scale":"1","scale":"2"}})", "\"scale\" twice"),
      header("deep nesting", "{\"q\":" + std::string(500'000, '['), "nested deeper"),
      header("two thousand tensors", many_tensors(2'000), "more than 1024 members"),
      bytes("400,000 tensors", with_header(many_tensors(400'000)), "the limit is"),
      header("an object of many members", "{\"__metadata__\":{" + many_tensors(3'000).substr(1) + "}",
             "members"),
      header("metadata that is no object", R"({"__metadata__":[]})", "not an object"),
      header("metadata that is no text", R"({"__metadata__":{"scale":1}})", "not a string"),
      header("a text of 100 KB", "{\"__metadata__\":{\"contract\":\"" + std::string(100'000, 'f') + "\"}}",
             "more than 65536 bytes"),
  };
}

std::vector<Malformed> tensors() {
  const std::string f32 = R"("dtype":"F32",)";
  return {
      header("a tensor that is no object", R"({"q":5})", "not described by an object"),
      tensor("no dtype", R"("shape":[1],"data_offsets":[0,4])", "no \"dtype\""),
      tensor("a dtype that is no text", R"("dtype":4,"shape":[1],"data_offsets":[0,4])", "not a string"),
      tensor("no shape", f32 + R"("data_offsets":[0,4])", "no \"shape\""),
      tensor("a shape that is no array", f32 + R"("shape":4,"data_offsets":[0,4])", "not an array"),
      tensor("a negative extent", f32 + R"("shape":[-1],"data_offsets":[0,4])", "integers >= 0"),
      tensor("a fractional extent", f32 + R"("shape":[1.5],"data_offsets":[0,4])", "integers >= 0"),
      tensor("an extent of 2^63", f32 + R"("shape":[9223372036854775808],"data_offsets":[0,4])", ">= 0"),
      tensor("an extent of 2^60", f32 + R"("shape":[1152921504606846976],"data_offsets":[0,4])",
             "too large a shape"),
      tensor("extents whose product overflows",
             f32 + R"("shape":[4294967296,4294967296,4294967296],"data_offsets":[0,4])", "too large a shape"),
      tensor("nine axes", f32 + R"("shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4])", "9 axes"),
      tensor("no offsets", f32 + R"("shape":[1])", "no \"data_offsets\""),
      tensor("one offset", f32 + R"("shape":[1],"data_offsets":[0])", "not a range"),
      tensor("offsets that run backwards", f32 + R"("shape":[1],"data_offsets":[8,4])", "not a range"),
      tensor("offsets past the end", f32 + R"("shape":[1],"data_offsets":[64,68])", "not a range"),
      tensor("offsets of 2^62", f32 + R"("shape":[1],"data_offsets":[0,4611686018427387904])", "not a range"),
      tensor("too few bytes", f32 + R"("shape":[4],"data_offsets":[0,4])", "4 bytes for 4 elements"),
      header("tensors that overlap",
             R"({"q":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
             R"("k":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
             "overlap"),
      header("two tensors in one place",
             R"({"q":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
             R"("k":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
             "overlap"),
      tensor("a type that attest has not", R"("dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1])",
             "element type F8_E4M3"),
      tensor("a type with a long name",
             "\"dtype\":\"" + std::string(5'000, 'F') + R"(","shape":[1],"data_offsets":[0,1])", "..."),
  };
}

std::vector<Malformed> sizes() {
  constexpr std::uintmax_t k200GB = 200'000'000'000;
  return {
      {"a sparse file of 200 GB", "x.safetensors", [](const auto& path) { put_sparse(path, "", k200GB); },
       "the limit is"},
      {"a sparse file of 15 GB of zeros", "x.safetensors",
       [](const auto& path) { put_sparse(path, "", 15'000'000'000); }, "not JSON"},
      {"a sparse file of 15 GB with an unknown tensor", "x.safetensors",
       [](const auto& path) {
         put_sparse(path,
                    with_header(R"({"x":{"dtype":"F32","shape":[3000000000],)"
                                R"("data_offsets":[0,12000000000]}})"),
                    15'000'000'000);
       },
       "unknown tensor 'x'"},
      {"a pipe", "x.safetensors",
       [](const auto& path) { std::filesystem::create_symlink("/dev/zero", path); }, "no regular file"},
      {"a file that is not there", "x.safetensors", [](const auto&) {}, "No such file"},
  };
}

}  // namespace

std::vector<Malformed> malformed_safetensors() {
  std::vector<Malformed> kinds = headers();
  for (const auto& more : {tensors(), sizes()}) kinds.insert(kinds.end(), more.begin(), more.end());
  return kinds;
}

}  // namespace attest::cli
