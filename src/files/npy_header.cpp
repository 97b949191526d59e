#include "files/npy_header.hpp"

#include <array>
#include <cctype>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "problem/quote.hpp"

namespace attest::files {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

constexpr std::size_t kMostHeaderBytes = std::size_t{1} << 16;
constexpr std::size_t kMostAxes = 32;

// Reads the literal {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }, in any order of its members.
class HeaderReader {
 public:
  HeaderReader(std::string_view text, std::string name) : text_(text), name_(std::move(name)) {}

  NpyHeader read() {
    NpyHeader header;
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
        fail(fmt::format("has an unknown member '{}'", quote(key)));
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
    throw FileFormatError(fmt::format("npy: the header of {} {}", quote(name_), what));
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
      if (extents.size() == kMostAxes) fail(fmt::format("has more than {} axes", kMostAxes));
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

// The text of the header, and where the data begin.
struct Parts {
  std::string header;
  std::uint64_t data_begin = 0;
};

Parts parts_of(const ByteSource& source, const std::string& name) {
  const std::string what = "npy: " + quote(name);
  std::string begin(kMagic.size() + 2, '\0');
  if (source.size() >= begin.size()) source.read(0, std::as_writable_bytes(std::span(begin)));
  if (!begin.starts_with(kMagic)) throw FileFormatError(what + " does not start like an .npy file");
  const int version = static_cast<unsigned char>(begin[kMagic.size()]);
  if (version < 1 || version > 3)
    throw FileFormatError(fmt::format("{} has version {}; supported are 1 to 3", what, version));
  std::array<std::byte, 4> digits{};
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  const std::uint64_t header_begin = begin.size() + length_bytes;
  std::uint64_t length = 0;
  if (header_begin <= source.size()) {
    source.read(begin.size(), std::span(digits).first(length_bytes));
    for (std::size_t i = length_bytes; i-- > 0;)
      length = length << 8 | std::to_integer<std::uint64_t>(digits.at(i));
  }
  if (header_begin > source.size() || length > source.size() - header_begin)
    throw FileFormatError(what + " ends inside its header");
  if (length > kMostHeaderBytes) {
    throw FileFormatError(
        fmt::format("{} has a header of {} bytes; the limit is {}", what, length, kMostHeaderBytes));
  }
  Parts parts{std::string(length, '\0'), header_begin + length};
  source.read(header_begin, std::as_writable_bytes(std::span(parts.header)));
  return parts;
}

}  // namespace

NpyHeader read_npy_header(const ByteSource& source, const std::string& name) {
  const Parts parts = parts_of(source, name);
  NpyHeader header = HeaderReader(parts.header, name).read();
  header.data_begin = parts.data_begin;
  return header;
}

}  // namespace attest::files
