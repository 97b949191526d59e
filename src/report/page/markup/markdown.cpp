#include "report/page/markup/markdown.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "report/page/markup/table.hpp"

namespace attest::report::page {
namespace {

// The words between two marks at the front of the line, which is shortened; none where it does not begin so.
std::optional<std::string_view> taken(std::string_view& line, std::string_view mark) {
  if (!line.starts_with(mark)) return std::nullopt;
  const std::size_t end = line.find(mark, mark.size());
  if (end == std::string_view::npos || end == mark.size()) return std::nullopt;
  const std::string_view inside = line.substr(mark.size(), end - mark.size());
  line.remove_prefix(end + mark.size());
  return inside;
}

// "[words](where)" at the front of the line.
std::optional<std::string_view> taken_link(std::string_view& line) {
  if (!line.starts_with('[')) return std::nullopt;
  const std::size_t middle = line.find("](");
  const std::size_t end = middle == std::string_view::npos ? middle : line.find(')', middle);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view words = line.substr(1, middle - 1);
  line.remove_prefix(end + 1);
  return words;
}

std::vector<std::string_view> lines_of(std::string_view markdown) {
  std::vector<std::string_view> lines;
  while (!markdown.empty()) {
    const std::size_t end = std::min(markdown.find('\n'), markdown.size());
    lines.push_back(markdown.substr(0, end));
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
  }
  return lines;
}

// The cells of "| a | b |", where "\|" is a bar.
std::vector<std::string> cells_of(std::string_view row) {
  std::vector<std::string> cells(1);
  row.remove_prefix(1);
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == '\\' && i + 1 < row.size() && row[i + 1] == '|') {
      cells.back() += '|';
      ++i;
    } else if (row[i] == '|') {
      cells.emplace_back();
    } else {
      cells.back() += row[i];
    }
  }
  cells.pop_back();
  for (std::string& cell : cells) {
    const std::size_t begin = cell.find_first_not_of(' ');
    cell = begin == std::string::npos ? "" : cell.substr(begin, cell.find_last_not_of(' ') - begin + 1);
  }
  return cells;
}

class Reader {
 public:
  explicit Reader(std::string_view markdown) : lines_(lines_of(markdown)) {}

  Html blocks() {
    Html page;
    while (at_ < lines_.size() && lines_[at_] != kEnd) page += block();
    return page;
  }
  // An end without a beginning does not end the page.
  bool skip_end() { return at_ < lines_.size() && ++at_ > 0; }

 private:
  static constexpr std::string_view kEnd = "</details>", kBegin = "<details><summary>", kBegun = "</summary>";

  Html block() {
    const std::string_view line = lines_[at_];
    if (line.empty()) {
      ++at_;
      return {};
    }
    if (line.starts_with(kBegin) && line.ends_with(kBegun)) return fold();
    if (line.starts_with('#')) return heading();
    if (line.starts_with('|')) return table();
    if (is_item(line)) return list();
    return paragraph();
  }

  static bool is_item(std::string_view line) { return line.starts_with("- "); }

  Html fold() {
    std::string_view title = lines_[at_++];
    title.remove_prefix(kBegin.size());
    title.remove_suffix(kBegun.size());
    const Html content = blocks();
    if (at_ < lines_.size()) ++at_;
    return folded(title, content);
  }

  Html heading() {
    const std::string_view line = lines_[at_++];
    const std::size_t level = std::min(line.find_first_not_of('#'), line.size());
    std::string_view words = line.substr(level);
    while (words.starts_with(' ')) words.remove_prefix(1);
    return element(fmt::format("h{}", std::min<std::size_t>(level + 1, 6)), from_markdown_line(words));
  }

  Html table() {
    Table table;
    for (; at_ < lines_.size() && lines_[at_].starts_with('|'); ++at_) {
      std::vector<Html> row;
      const std::vector<std::string> cells = cells_of(lines_[at_]);
      const bool rule =
          !cells.empty() && std::all_of(cells.begin(), cells.end(),
                                        [](const std::string& cell) { return cell.starts_with("---"); });
      if (rule) {
        for (const std::string& cell : cells) table.numbers.push_back(cell.ends_with(':'));
        continue;
      }
      for (const std::string& cell : cells) row.push_back(from_markdown_line(cell));
      if (table.headings.empty())
        table.headings = std::move(row);
      else
        table.rows.push_back({.cells = std::move(row)});
    }
    return table_html(table);
  }

  Html list() {
    Html items;
    while (at_ < lines_.size() && is_item(lines_[at_])) {
      std::string item(lines_[at_++].substr(2));
      while (at_ < lines_.size() && lines_[at_].starts_with(' ')) item += std::string("\n") += lines_[at_++];
      items += element("li", from_markdown_line(item));
    }
    return element("ul", items);
  }

  Html paragraph() {
    std::string words(lines_[at_++]);
    while (at_ < lines_.size() && !lines_[at_].empty() && !is_item(lines_[at_]) &&
           !lines_[at_].starts_with('|') && lines_[at_] != kEnd)
      words += std::string("\n") += lines_[at_++];
    return element("p", from_markdown_line(words));
  }

  std::vector<std::string_view> lines_;
  std::size_t at_ = 0;
};

}  // namespace

Html from_markdown_line(std::string_view line) {
  Html made;
  std::size_t plain = 0;
  const auto flush = [&] {
    made += text(line.substr(0, plain));
    line.remove_prefix(plain);
    plain = 0;
  };
  while (plain < line.size()) {
    std::string_view rest = line.substr(plain);
    const std::size_t before = rest.size();
    Html piece;
    if (const auto code = taken(rest, "`"))
      piece = element("code", *code);
    else if (const auto bold = taken(rest, "**"))
      piece = element("strong", from_markdown_line(*bold));
    else if (const auto words = taken_link(rest))
      piece = from_markdown_line(*words);
    if (rest.size() == before) {
      ++plain;
      continue;
    }
    flush();
    made += piece;
    line = rest;
  }
  flush();
  return made;
}

Html from_markdown(std::string_view markdown) {
  Reader reader(markdown);
  Html page = reader.blocks();
  while (reader.skip_end()) page += reader.blocks();
  return page;
}

}  // namespace attest::report::page
