#include "report/columns.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "report/table.hpp"

namespace attest::report {

std::string columns_text(const Columns& table) {
  std::vector<std::size_t> widths;
  for (const std::string& heading : table.headings) widths.push_back(heading.size());
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text = "  ";
    for (std::size_t i = 0; i < cells.size(); ++i)
      text +=
          i == 0 ? fmt::format("{:<{}}", cells[i], widths[i]) : fmt::format("  {:>{}}", cells[i], widths[i]);
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
  };
  std::string text = line(table.headings);
  for (const auto& row : table.rows) text += line(row);
  return text;
}

std::string columns_markdown(const Columns& table) {
  std::string text = table_head(table.headings);
  for (std::vector<std::string> row : table.rows) {
    for (std::string& content : row) content = cell(content);
    text += table_row(row);
  }
  return text;
}

}  // namespace attest::report
