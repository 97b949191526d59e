// A table, which scrolls by itself where it is wider than the page.
#pragma once

#include <string>
#include <vector>

#include "report/page/markup/html.hpp"

namespace attest::report::page {

struct TableRow {
  std::vector<Html> cells;
  std::string id{};  ///< for links; empty: none
};

struct Table {
  std::vector<Html> headings{};
  std::vector<TableRow> rows{};
  std::vector<bool> numbers{};  ///< columns that are aligned to the right; shorter: the others are not
};

Html table_html(const Table& table);

/// A heading for each word.
std::vector<Html> headings_of(const std::vector<std::string>& words);

}  // namespace attest::report::page
