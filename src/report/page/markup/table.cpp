#include "report/page/markup/table.hpp"

#include <cstddef>

namespace attest::report::page {
namespace {

Html row_html(const TableRow& row, std::string_view tag, const std::vector<bool>& numbers) {
  Html cells;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const bool number = i < numbers.size() && numbers[i];
    cells += element(tag, {{"class", number ? "n" : ""}}, row.cells[i]);
  }
  return element("tr", {{"id", row.id}}, cells);
}

}  // namespace

Html table_html(const Table& table) {
  Html body;
  for (const TableRow& row : table.rows) body += row_html(row, "td", table.numbers);
  const Html head = element("thead", row_html({.cells = table.headings}, "th", table.numbers));
  return element("div", {{"class", "scroll"}}, element("table", head + element("tbody", body)));
}

std::vector<Html> headings_of(const std::vector<std::string>& words) {
  std::vector<Html> headings;
  for (const std::string& word : words) headings.push_back(text(word));
  return headings;
}

}  // namespace attest::report::page
