// A table that is shown on a terminal or written as Markdown.
#pragma once

#include <string>
#include <vector>

namespace attest {

struct Columns {
  std::vector<std::string> headings;
  std::vector<std::vector<std::string>> rows;  ///< a cell a heading
};

/// Aligned for a terminal, two spaces between columns: the first to the left, the others to the right.
std::string columns_text(const Columns& table);
std::string columns_markdown(const Columns& table);

}  // namespace attest
