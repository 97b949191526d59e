// The end of what a worker prints.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace attest::kernel {

/// Keeps the last few kilobytes, so that a kernel may print without limit.
class OutputTail {
 public:
  void append(std::string_view text);
  void clear() { text_.clear(); }

  /// The last line that is not blank, printable and at most 200 characters; empty when there is none.
  std::string last_line() const;
  /// The last 20 lines that are not blank, as they may stand in a report: at most 200 characters each, and no
  /// control characters.
  std::vector<std::string> last_lines() const;

 private:
  std::string text_;
};

}  // namespace attest::kernel
