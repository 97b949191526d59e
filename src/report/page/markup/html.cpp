#include "report/page/markup/html.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace attest::report::page {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 1;
};

// The character at the front of the bytes; none where they are not UTF-8.
std::optional<Character> character_of(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes.front());
  if (first < 0x80) return Character{first, 1};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || bytes.size() < length) return std::nullopt;
  std::uint32_t code = first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(bytes[i]);
    if ((next & 0xc0U) != 0x80U) return std::nullopt;
    code = code << 6U | (next & 0x3fU);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kLeast[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return std::nullopt;
  return Character{code, length};
}

bool is_control(std::uint32_t code) {
  if (code == '\n' || code == '\t') return false;
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

// Marks, embeddings, overrides and isolates of direction.
bool changes_direction(std::uint32_t code) {
  return code == 0x61c || code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

std::string escaped(std::string_view words) {
  std::string safe;
  while (!words.empty()) {
    const std::optional<Character> next = character_of(words);
    const std::size_t bytes = next ? next->bytes : 1;
    if (!next || is_control(next->code) || changes_direction(next->code))
      safe += kReplacement;
    else if (next->code == '&')
      safe += "&amp;";
    else if (next->code == '<')
      safe += "&lt;";
    else if (next->code == '>')
      safe += "&gt;";
    else if (next->code == '"')
      safe += "&quot;";
    else if (next->code == '\'')
      safe += "&#39;";
    else
      safe += words.substr(0, bytes);
    words.remove_prefix(bytes);
  }
  return safe;
}

}  // namespace

Html text(std::string_view words) { return Html(escaped(words)); }

Html element(std::string_view tag, const Attributes& attributes, const Html& content) {
  std::string markup = "<" + std::string(tag);
  for (const auto& [name, value] : attributes) {
    if (!value.empty()) markup += " " + std::string(name) + "=\"" + escaped(value) + "\"";
  }
  return Html(markup + ">" + content.markup() + "</" + std::string(tag) + ">");
}

Html document(std::string_view title, std::string_view style, const Html& body) {
  std::string markup =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "img-src data:; base-uri 'none'; form-action 'none'\"/>\n"
      "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
      // A browser asks the server for an icon otherwise.
      "<link rel=\"icon\" href=\"data:,\"/>\n";
  markup += element("title", title).markup() + "\n<style>\n" + std::string(style) + "</style>\n</head>\n";
  return Html(markup + "<body>\n" + body.markup() + "\n</body>\n</html>\n");
}

Html link_to(std::string_view id, const Html& content) {
  return element("a", {{"href", "#" + std::string(id)}}, content);
}

Html folded(std::string_view title, const Html& content) {
  return element("details", element("summary", title) + content);
}

}  // namespace attest::report::page
