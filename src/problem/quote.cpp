#include "problem/quote.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace attest {
namespace {

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
}

// Bytes of the character that begins here; 0: none does.
std::size_t length_of_character(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!continues(text, at + i)) return 0;
  }
  return length;
}

std::string printable(std::string_view text) {
  std::string made;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = length_of_character(text, at);
    made += length == 0 ? std::string_view("?") : text.substr(at, length);
    at += std::max<std::size_t>(length, 1);
  }
  return made;
}

// Insertions, deletions and replacements of a letter, and exchanges of two neighbours.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, row(b.size() + 1), next(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      next[j] = std::min({row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (exchanged) next[j] = std::min(next[j], before[j - 2] + 1);
    }
    before = row;
    row = next;
  }
  return row.back();
}

}  // namespace

std::string quote(std::string_view text, std::size_t most) {
  constexpr std::string_view kGap = "...";
  // What is left out need not be read.
  if (text.size() <= most) return printable(text);
  const std::size_t kept = most > kGap.size() ? most - kGap.size() : 0;
  std::size_t head = (kept + 1) / 2;
  std::size_t tail = text.size() - kept / 2;
  while (head > 0 && continues(text, head)) --head;
  while (continues(text, tail)) ++tail;
  return printable(text.substr(0, head)) + std::string(kGap) + printable(text.substr(tail));
}

std::string closest_word(std::string_view wrong, std::span<const std::string_view> known) {
  constexpr std::size_t kMostEdits = 2;
  constexpr std::size_t kLongest = 64;
  std::string_view best;
  std::size_t fewest = kMostEdits + 1;
  if (wrong.size() > kLongest) return "";
  for (const std::string_view word : known) {
    const std::size_t edits = edits_between(wrong, word);
    if (edits >= fewest || 2 * edits >= word.size()) continue;
    fewest = edits;
    best = word;
  }
  return std::string(best);
}

}  // namespace attest
