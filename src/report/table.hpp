// Markdown tables.
#pragma once

#include <string>
#include <vector>

namespace attest {

/// Text that may stand in a cell: what would end it is escaped.
std::string cell(std::string text);

/// "| a | b |\n"; the cells are taken as they are.
std::string table_row(const std::vector<std::string>& cells);
/// The row of headings and the rule under it.
std::string table_head(const std::vector<std::string>& headings);

}  // namespace attest
