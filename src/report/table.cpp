#include "report/table.hpp"

namespace attest::report {

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

std::string table_row(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& text : cells) row.append(" ").append(text).append(" |");
  return row + "\n";
}

std::string table_head(const std::vector<std::string>& headings) {
  std::string rule = "|";
  for (std::size_t i = 0; i < headings.size(); ++i) rule += "---|";
  return table_row(headings) + rule + "\n";
}

}  // namespace attest::report
