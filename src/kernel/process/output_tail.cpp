#include "kernel/process/output_tail.hpp"

#include <algorithm>

namespace attest::kernel {
namespace {

constexpr std::size_t kKept = 4096;
constexpr std::size_t kLineLimit = 200;

// A report goes to terminals and into JSON: bytes that are not plain text must not reach either.
char printable(char c) { return c >= ' ' && c <= '~' ? c : '?'; }

}  // namespace

void OutputTail::append(std::string_view text) {
  text_ += text;
  if (text_.size() > kKept) text_.erase(0, text_.size() - kKept);
}

std::string OutputTail::last_line() const {
  const std::size_t end = text_.find_last_not_of(" \t\r\n");
  if (end == std::string::npos) return "";
  const std::size_t newline = text_.find_last_of("\r\n", end);
  const std::size_t begin = newline == std::string::npos ? 0 : newline + 1;
  std::string line = text_.substr(begin, std::min(end + 1 - begin, kLineLimit));
  std::transform(line.begin(), line.end(), line.begin(), printable);
  return line;
}

}  // namespace attest::kernel
