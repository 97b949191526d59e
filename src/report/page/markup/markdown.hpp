// The sections that the Markdown report shares with the page, as HTML.
#pragma once

#include <string_view>

#include "report/page/markup/html.hpp"

namespace attest::report::page {

/// Paragraphs, headings (one level lower), lists, tables, folded blocks (<details><summary>...</summary> on a
/// line, </details> on another), `code`, **bold**, and links as their words. Anything else is text.
Html from_markdown(std::string_view markdown);

/// The same within a paragraph.
Html from_markdown_line(std::string_view line);

}  // namespace attest::report::page
