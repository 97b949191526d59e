// Markdown tables.
#pragma once

#include <string>
#include <vector>

namespace attest::report {

/// Text for a cell, with characters escaped that would end the cell.
std::string cell(std::string text);

/// "| a | b |\n"; the cells are not escaped.
std::string table_row(const std::vector<std::string>& cells);
/// The row of headings and the line below it.
std::string table_head(const std::vector<std::string>& headings);

}  // namespace attest::report
