#include "files/npy.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace attest::files {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

struct Header {
  std::string descr;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
};

// Reads the literal {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }, in any order of its members.
class HeaderReader {
 public:
  HeaderReader(std::string_view text, std::string name) : text_(text), name_(std::move(name)) {}

  Header read() {
    Header header;
    int members = 0;
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr") {
        header.descr = quoted();
      } else if (key == "fortran_order") {
        header.fortran_order = truth();
      } else if (key == "shape") {
        header.shape = tuple();
      } else {
        fail(fmt::format("has an unknown member '{}'", key));
      }
      ++members;
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_blanks();
    if (at_ != text_.size()) fail("has text after its end");
    if (members != 3 || header.descr.empty()) fail("must have descr, fortran_order and shape once each");
    return header;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw FileFormatError(fmt::format("npy: the header of {} {}", name_, what));
  }
  void skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  bool accept(char c) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail(fmt::format("lacks a '{}' at character {}", c, at_));
  }
  std::string quoted() {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '[') fail("describes a structured array, which is not a tensor");
    const char quote = accept('"') ? '"' : '\'';
    if (quote == '\'') expect('\'');
    const std::size_t end = text_.find(quote, at_);
    if (end == std::string_view::npos) fail("has an unterminated string");
    std::string found(text_.substr(at_, end - at_));
    at_ = end + 1;
    return found;
  }
  bool truth() {
    skip_blanks();
    for (const auto& [word, value] : {std::pair<std::string_view, bool>{"True", true}, {"False", false}}) {
      if (text_.substr(at_).starts_with(word)) {
        at_ += word.size();
        return value;
      }
    }
    fail("has a fortran_order that is neither True nor False");
  }
  std::vector<std::int64_t> tuple() {
    std::vector<std::int64_t> extents;
    expect('(');
    while (!accept(')')) {
      extents.push_back(number());
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return extents;
  }
  std::int64_t number() {
    skip_blanks();
    std::int64_t value = 0;
    const std::size_t begin = at_;
    for (; at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0; ++at_) {
      if (value > std::int64_t{1} << 56) fail("has too large an extent");
      value = value * 10 + (text_[at_] - '0');
    }
    if (at_ == begin) fail("has a shape that is not made of integers");
    return value;
  }

  std::string_view text_;
  std::string name_;
  std::size_t at_ = 0;
};

struct Parts {
  std::string_view header;
  ByteView data;
};

Parts parts_of(ByteView file, const std::string& name) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  if (!text.starts_with(kMagic) || text.size() < kMagic.size() + 2) {
    throw FileFormatError(fmt::format("npy: {} does not start like an .npy file", name));
  }
  const int version = text[kMagic.size()];
  if (version < 1 || version > 3) {
    throw FileFormatError(fmt::format("npy: {} has version {}; supported are 1 to 3", name, version));
  }
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  const std::size_t begin = kMagic.size() + 2 + length_bytes;
  std::size_t length = 0;
  if (begin <= file.size()) {
    for (std::size_t i = length_bytes; i-- > 0;) {
      length = length << 8 | std::to_integer<std::size_t>(file[kMagic.size() + 2 + i]);
    }
  }
  if (begin > file.size() || length > file.size() - begin) {
    throw FileFormatError(fmt::format("npy: {} ends inside its header", name));
  }
  return {text.substr(begin, length), file.subspan(begin + length)};
}

struct Element {
  const char* descr;
  DType dtype;
};
// "<V2" and "|V2" are what ml_dtypes makes of bfloat16.
constexpr std::array<Element, 9> kElements{{{"<f8", DType::f64},
                                            {"<f4", DType::f32},
                                            {"<f2", DType::f16},
                                            {"<V2", DType::bf16},
                                            {"|V2", DType::bf16},
                                            {"bfloat16", DType::bf16},
                                            {"<i4", DType::i32},
                                            {"|u1", DType::u8},
                                            {"|b1", DType::u8}}};

std::vector<std::int64_t> strides_of(const Header& header) {
  std::vector<std::int64_t> strides = row_major_strides(header.shape);
  if (!header.fortran_order) return strides;
  std::int64_t step = 1;
  for (std::size_t axis = 0; axis < strides.size(); ++axis) {
    strides[axis] = step;
    step *= header.shape[axis];
  }
  return strides;
}

void require_bytes(const std::string& name, ByteView data, std::int64_t count, std::int64_t size) {
  if (static_cast<std::int64_t>(data.size()) != count * size) {
    throw FileFormatError(fmt::format("npy: {} holds {} bytes of data, its {} elements of {} bytes need {}",
                                      name, data.size(), count, size, count * size));
  }
}

// Without strides of its own an empty tensor has no storage.
Tensor tensor_of(const Header& header, DType dtype, ByteView data, std::int64_t count) {
  Tensor tensor = count == 0 ? Tensor(dtype, header.shape) : Tensor(dtype, header.shape, strides_of(header));
  if (count > 0) std::memcpy(tensor.bytes().data(), data.data(), data.size());
  return tensor;
}

std::string text_of(const Header& header, ByteView data) {
  const std::size_t size = header.descr[1] == 'U' ? 4 : 1;
  std::string text;
  for (std::size_t at = 0; at + size <= data.size(); at += size) {
    const auto c = std::to_integer<unsigned char>(data[at]);
    const bool ascii = c < 0x80 && std::all_of(data.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                                               data.begin() + static_cast<std::ptrdiff_t>(at + size),
                                               [](std::byte b) { return b == std::byte{}; });
    if (c == 0 && ascii) break;
    text.push_back(ascii ? static_cast<char>(c) : '?');
  }
  return text;
}

// Values of i8 as i4, where all of them fit.
std::optional<Tensor> narrowed(const Header& header, ByteView data, std::int64_t count) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < count; ++i) {
    std::int64_t value = 0;
    std::memcpy(&value, data.data() + i * 8, 8);
    if (value < std::numeric_limits<std::int32_t>::min() ||
        value > std::numeric_limits<std::int32_t>::max()) {
      return std::nullopt;
    }
    values.push_back(static_cast<double>(value));
  }
  if (header.shape.size() > 1 && header.fortran_order) return std::nullopt;
  Tensor tensor(DType::i32, header.shape);
  tensor.assign(values);
  return tensor;
}

void put(const Header& header, ByteView data, std::int64_t count, const std::string& name,
         TensorArchive& archive) {
  const auto element = std::find_if(kElements.begin(), kElements.end(),
                                    [&](const Element& e) { return header.descr == e.descr; });
  std::optional<Tensor> tensor;
  if (element != kElements.end()) {
    require_bytes(name, data, count, static_cast<std::int64_t>(size_of(element->dtype)));
    tensor = tensor_of(header, element->dtype, data, count);
  } else if (header.descr == "<i8") {
    require_bytes(name, data, count, 8);
    tensor = narrowed(header, data, count);
  }
  if (!tensor) {
    archive.foreign.insert_or_assign(name, header.descr);
  } else if (header.shape.empty()) {
    archive.texts.insert_or_assign(name, fmt::format("{}", tensor->values().at(0)));
  } else {
    archive.tensors.insert_or_assign(name, std::move(*tensor));
  }
}

}  // namespace

void parse_npy(ByteView file, const std::string& name, TensorArchive& archive) {
  const Parts parts = parts_of(file, name);
  const Header header = HeaderReader(parts.header, name).read();
  const std::int64_t count = checked_count(header.shape, "npy: " + name);
  const bool text = header.descr.size() > 2 && (header.descr[1] == 'U' || header.descr[1] == 'S');
  if (text && count == 1) {
    archive.texts.insert_or_assign(name, text_of(header, parts.data));
  } else {
    put(header, parts.data, count, name, archive);
  }
}

}  // namespace attest::files
