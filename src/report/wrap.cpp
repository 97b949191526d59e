#include "report/wrap.hpp"

#include <algorithm>

namespace attest::report {
namespace {

// Code points of UTF-8: all but the continuation bytes.
std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// The end of the word that begins at `begin`. A contract longer than a line ends after a field that fits.
std::size_t word_end(std::string_view text, std::size_t begin, std::size_t room) {
  const std::size_t end = std::min(text.find(' ', begin), text.size());
  if (end - begin <= room) return end;
  const std::size_t field = text.substr(begin, room).find_last_of(";|");
  return field == std::string_view::npos ? end : begin + field + 1;
}

}  // namespace

std::string wrapped(std::string_view label, std::string_view text, std::size_t indent) {
  std::string done;
  std::string line(label);
  bool empty = true;  // no word on this line yet
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t begin = std::min(text.find_first_not_of(' ', at), text.size());
    if (begin == text.size()) break;
    const std::size_t end = word_end(text, begin, kTerminalColumns - indent);
    const std::string_view gap = text.substr(at, begin - at);
    const std::string_view word = text.substr(begin, end - begin);
    at = end;
    if (!empty && columns_of(line) + gap.size() + columns_of(word) > kTerminalColumns) {
      done += line + "\n";
      line = std::string(indent, ' ').append(word);
      continue;
    }
    line += gap;
    line += word;
    empty = false;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return done + line + "\n";
}

}  // namespace attest::report
