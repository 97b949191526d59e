#include "kernel/process/output_tail.hpp"

#include <algorithm>

#include "problem/quote.hpp"

namespace attest::kernel {
namespace {

constexpr std::size_t kKept = 4096;
constexpr std::size_t kLineLimit = 200;
constexpr std::size_t kLines = 20;
constexpr const char* kBlank = " \t\r\n";

// A report goes to terminals and into JSON: bytes that are not plain text must not reach either.
char printable(char c) { return c >= ' ' && c <= '~' ? c : '?'; }

}  // namespace

void OutputTail::append(std::string_view text) {
  text_ += text;
  if (text_.size() > kKept) text_.erase(0, text_.size() - kKept);
}

std::string OutputTail::last_line() const {
  const std::size_t end = text_.find_last_not_of(kBlank);
  if (end == std::string::npos) return "";
  const std::size_t newline = text_.find_last_of("\r\n", end);
  const std::size_t begin = newline == std::string::npos ? 0 : newline + 1;
  std::string line = text_.substr(begin, std::min(end + 1 - begin, kLineLimit));
  std::transform(line.begin(), line.end(), line.begin(), printable);
  return line;
}

std::vector<std::string> OutputTail::last_lines() const {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text_.size();) {
    const std::size_t end = std::min(text_.find_first_of("\r\n", begin), text_.size());
    const std::string_view line = std::string_view(text_).substr(begin, end - begin);
    const std::size_t kept = line.find_last_not_of(kBlank) + 1;  // 0 where there is nothing
    if (kept > 0) lines.push_back(quote(line.substr(0, kept), kLineLimit));
    begin = end + 1;
  }
  if (lines.size() > kLines) lines.erase(lines.begin(), lines.end() - kLines);
  return lines;
}

}  // namespace attest::kernel
