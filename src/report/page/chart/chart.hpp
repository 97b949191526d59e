// Charts as inline SVG: no script draws them, so they are there when the page is printed, mailed, or opened
// where scripts are forbidden. Each comes with its numbers as a table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "report/page/markup/html.hpp"
#include "report/page/markup/table.hpp"

namespace attest::report::page {

struct Axis {
  std::string title;
  double from = 1, to = 10;  ///< what the chart shows; numbers outside are drawn at its edge
  double base = 10;          ///< of a logarithmic axis, labelled at powers of it; 0: linear
};

struct Mark {
  double x = 0, y = 0;
};

/// How a series is drawn.
enum class Drawn : std::uint8_t {
  line,    ///< marks and a line: what was measured along x
  marks,   ///< marks only: what was measured here and there
  hollow,  ///< hollow marks: what was derived, not measured
  dashed,  ///< a line without marks: a bound, or the best of the marks
};

struct Series {
  std::string name{};     ///< empty: the chart's title names it
  std::size_t style = 0;  ///< colour and shape of its marks; the same for what belongs together
  Drawn drawn = Drawn::line;
  std::vector<Mark> marks{};  ///< by x; a line is broken where y is NaN or, on a log axis, not above 0
};

struct Chart {
  std::string title;
  Axis x, y;
  std::vector<Series> series{};
  Table numbers{};
};

/// A figure: title, drawing, legend, and the table folded away.
Html chart_html(const Chart& chart);

struct Bar {
  std::string label;  ///< of its right edge
  double height = 0;  ///< a share in [0, 1]
  bool bad = false;
};

struct BarChart {
  std::string title, x_title, y_title;
  std::vector<Bar> bars{};  ///< every fourth is labelled
  std::size_t limit = 0;    ///< a line stands behind so many bars; 0: none
  std::string limit_title{};
  Table numbers{};
};

Html bar_chart_html(const BarChart& chart);

}  // namespace attest::report::page
