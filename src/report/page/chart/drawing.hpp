// The frame that charts are drawn in: a view of 360 units, about a phone's width, so that its letters can be
// read there.
#pragma once

#include <string>
#include <string_view>

#include "report/page/markup/html.hpp"
#include "report/page/markup/table.hpp"

namespace attest::report::page {

inline constexpr double kWidth = 360, kHeight = 230;
inline constexpr double kLeft = 52, kRight = 350, kTop = 10, kBottom = 188;

/// Coordinates with one digit after the point.
std::string coordinate(double x);

Html line(std::string_view css, double x1, double y1, double x2, double y2);
/// Words at a place; `anchor` is start, middle or end.
Html words_at(double x, double y, std::string_view anchor, std::string_view words);
/// The titles of both axes and the lines that they are on.
Html axes(std::string_view x_title, std::string_view y_title);
/// The figure of a drawing; `legend` may be empty.
Html figure(std::string_view title, const Html& drawing, const Html& legend, const Table& numbers);

}  // namespace attest::report::page
