// A table for a terminal or for Markdown.
#pragma once

#include <string>
#include <vector>

namespace attest::report {

struct Columns {
  std::vector<std::string> headings;
  std::vector<std::vector<std::string>> rows;  ///< one cell per heading
};

/// Aligned for a terminal, with two spaces between columns. The first column is left-aligned, the others
/// right-aligned.
std::string columns_text(const Columns& table);
std::string columns_markdown(const Columns& table);

}  // namespace attest::report
