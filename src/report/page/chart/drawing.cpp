#include "report/page/chart/drawing.hpp"

#include <fmt/format.h>

namespace attest::report::page {

std::string coordinate(double x) { return fmt::format("{:.1f}", x); }

Html line(std::string_view css, double x1, double y1, double x2, double y2) {
  return element("line",
                 {{"class", std::string(css)},
                  {"x1", coordinate(x1)},
                  {"y1", coordinate(y1)},
                  {"x2", coordinate(x2)},
                  {"y2", coordinate(y2)}},
                 Html());
}

Html words_at(double x, double y, std::string_view anchor, std::string_view words) {
  return element("text", {{"x", coordinate(x)}, {"y", coordinate(y)}, {"text-anchor", std::string(anchor)}},
                 words);
}

Html axes(std::string_view x_title, std::string_view y_title) {
  const double middle = (kTop + kBottom) / 2;
  const Html turned = element("text",
                              {{"transform", fmt::format("translate(11 {}) rotate(-90)", coordinate(middle))},
                               {"text-anchor", "middle"}},
                              y_title);
  return line("axis", kLeft, kBottom, kRight, kBottom) + line("axis", kLeft, kTop, kLeft, kBottom) +
         words_at((kLeft + kRight) / 2, kHeight - 5, "middle", x_title) + turned;
}

Html figure(std::string_view title, const Html& drawing, const Html& legend, const Table& numbers) {
  const Html svg = element("svg",
                           {{"viewBox", fmt::format("0 0 {} {}", kWidth, kHeight)},
                            {"role", "img"},
                            {"aria-label", std::string(title)}},
                           drawing);
  return element("figure",
                 element("figcaption", title) + svg + legend + folded("as a table", table_html(numbers)));
}

}  // namespace attest::report::page
