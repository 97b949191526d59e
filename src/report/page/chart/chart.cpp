#include "report/page/chart/chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "report/page/chart/drawing.hpp"

namespace attest::report::page {
namespace {

constexpr std::size_t kStyles = 8;  // as the style sheet has them
constexpr int kMostLabels = 7;      // of an axis

bool drawable(const Axis& axis, double value) {
  return std::isfinite(value) && (axis.base == 0 || value > 0);
}

// Where a value lies on an axis, from 0 to 1.
double share(const Axis& axis, double value) {
  const double at = std::clamp(value, axis.from, axis.to);
  if (axis.base == 0) return (at - axis.from) / (axis.to - axis.from);
  return std::log(at / axis.from) / std::log(axis.to / axis.from);
}

double x_of(const Axis& axis, double value) { return kLeft + share(axis, value) * (kRight - kLeft); }
double y_of(const Axis& axis, double value) { return kBottom - share(axis, value) * (kBottom - kTop); }

std::string label_of(const Axis& axis, double value) {
  if (axis.base == 10 && (value >= 1e4 || value < 1e-3))
    return fmt::format("1e{}", std::lround(std::log10(value)));
  if (axis.base == 2 && value >= 1024 * 1024) return fmt::format("{}M", std::lround(value / (1024 * 1024)));
  if (axis.base == 2 && value >= 1024) return fmt::format("{}k", std::lround(value / 1024));
  return fmt::format("{:g}", value);
}

// Powers of the base on the axis, not more than can be read.
std::vector<double> labelled(const Axis& axis) {
  std::vector<double> values;
  if (axis.base == 0) {
    for (int i = 0; i <= 4; ++i) values.push_back(axis.from + (axis.to - axis.from) * i / 4);
    return values;
  }
  const int first = static_cast<int>(std::ceil(std::log(axis.from) / std::log(axis.base) - 1e-9));
  const int last = static_cast<int>(std::floor(std::log(axis.to) / std::log(axis.base) + 1e-9));
  const int step = std::max(1, (last - first + kMostLabels - 1) / kMostLabels);
  for (int exponent = first; exponent <= last; exponent += step)
    values.push_back(std::pow(axis.base, exponent));
  return values;
}

Html grid(const Chart& chart) {
  Html drawn;
  for (const double value : labelled(chart.x)) {
    const double x = x_of(chart.x, value);
    drawn += line("grid", x, kTop, x, kBottom);
    drawn += words_at(x, kBottom + 14, "middle", label_of(chart.x, value));
  }
  for (const double value : labelled(chart.y)) {
    const double y = y_of(chart.y, value);
    drawn += line("grid", kLeft, y, kRight, y);
    drawn += words_at(kLeft - 4, y + 4, "end", label_of(chart.y, value));
  }
  return drawn + axes(chart.x.title, chart.y.title);
}

// A circle, a square, a triangle or a diamond, so that series differ without their colours.
std::string shape_at(std::size_t style, double x, double y) {
  const auto at = [](double a, double b) { return coordinate(a) + " " + coordinate(b); };
  switch (style % 4) {
    case 0:
      return fmt::format("M{}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z", at(x - 3, y));
    case 1:
      return fmt::format("M{}h5.4v5.4h-5.4z", at(x - 2.7, y - 2.7));
    case 2:
      return fmt::format("M{}l3.6 6h-7.2z", at(x, y - 3.6));
    default:
      return fmt::format("M{}l3.8 3.8l-3.8 3.8l-3.8 -3.8z", at(x, y - 3.8));
  }
}

std::string css_of(const Series& series, std::string_view what) {
  const std::string_view how = series.drawn == Drawn::dashed   ? " dashed"
                               : series.drawn == Drawn::hollow ? " hollow"
                                                               : "";
  return fmt::format("{}{} s{}", what, how, series.style % kStyles);
}

// The upper end of an axis of shares whose quarters are whole per cents.
double round_above(double share) {
  for (const double end : {0.04, 0.08, 0.2, 0.4, 0.6, 0.8}) {
    if (share <= end) return end;
  }
  return 1;
}

Html path(const std::string& css, const std::string& d) {
  return d.empty() ? Html() : element("path", {{"class", css}, {"d", d}}, Html());
}

Html drawn(const Chart& chart, const Series& series) {
  std::string line_path, marks;
  bool pen_down = false;
  const bool has_marks = series.drawn != Drawn::dashed;
  const bool has_line = series.drawn == Drawn::line || series.drawn == Drawn::dashed;
  for (const Mark& mark : series.marks) {
    const bool infinite = std::isinf(mark.y) && mark.y > 0 && has_marks;  // at the edge
    if (!infinite && (!drawable(chart.x, mark.x) || !drawable(chart.y, mark.y))) {
      pen_down = false;
      continue;
    }
    const double x = x_of(chart.x, mark.x);
    const double y = y_of(chart.y, infinite ? chart.y.to : mark.y);
    line_path += fmt::format("{}{} {}", pen_down ? "L" : "M", coordinate(x), coordinate(y));
    if (has_marks) marks += shape_at(series.style, x, y);
    pen_down = true;
  }
  return path(css_of(series, "line"), has_line ? line_path : "") + path(css_of(series, "mark"), marks);
}

Html legend_of(const Chart& chart) {
  Html items;
  for (const Series& series : chart.series) {
    if (series.name.empty()) continue;
    const bool dashed = series.drawn == Drawn::dashed;
    const std::string sample = dashed ? "M1 6L23 6" : shape_at(series.style, 12, 6);
    const Html key = element("svg", {{"viewBox", "0 0 24 12"}, {"class", "key"}, {"aria-hidden", "true"}},
                             path(css_of(series, dashed ? "line" : "mark"), sample));
    items += element("li", key + text(series.name));
  }
  return element("ul", {{"class", "legend"}}, items);
}

}  // namespace

Html chart_html(const Chart& chart) {
  Html drawing = grid(chart);
  for (const Series& series : chart.series) drawing += drawn(chart, series);
  return figure(chart.title, drawing, legend_of(chart), chart.numbers);
}

Html bar_chart_html(const BarChart& chart) {
  double highest = 0;
  for (const Bar& bar : chart.bars) highest = std::max(highest, bar.height);
  const Axis y{chart.y_title, 0, round_above(highest), 0};
  const auto count = static_cast<double>(chart.bars.size());
  const auto x_at = [&](double bars) { return kLeft + (kRight - kLeft) * bars / count; };
  Html drawing;
  for (const double value : labelled(y)) {
    drawing += line("grid", kLeft, y_of(y, value), kRight, y_of(y, value));
    drawing += words_at(kLeft - 4, y_of(y, value) + 4, "end", fmt::format("{:.0f} %", 100 * value));
  }
  std::array<std::string, 2> bars;  // good, bad
  for (std::size_t i = 0; i < chart.bars.size(); ++i) {
    const Bar& bar = chart.bars[i];
    const auto at = static_cast<double>(i);
    if (i % 4 == 0) drawing += words_at(x_at(at + 1), kBottom + 14, "middle", bar.label);
    if (bar.height <= 0) continue;
    const double top = std::min(y_of(y, bar.height), kBottom - 1);  // a few among many can be seen
    bars[bar.bad ? 1 : 0] += fmt::format("M{} {}V{}H{}V{}z", coordinate(x_at(at + 0.1)), coordinate(kBottom),
                                         coordinate(top), coordinate(x_at(at + 0.9)), coordinate(kBottom));
  }
  drawing += path("bar", bars[0]) + path("bar bad", bars[1]) + axes(chart.x_title, chart.y_title);
  if (chart.limit > 0) {
    const double x = x_at(static_cast<double>(chart.limit));
    drawing += line("limit", x, kTop, x, kBottom);
    drawing += words_at(x - 4, kTop + 10, "end", chart.limit_title);
  }
  return figure(chart.title, drawing, Html(), chart.numbers);
}

}  // namespace attest::report::page
