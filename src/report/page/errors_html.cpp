#include "report/page/errors_html.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/check/check_text.hpp"
#include "report/check/coverage_text.hpp"
#include "report/number.hpp"
#include "report/page/chart/chart.hpp"

namespace attest::report::page {
namespace {

// The bars of every histogram are these octaves, so that kernels can be compared: below 2^-16, then up to 2^4
// and beyond.
constexpr int kFirst = -16, kLast = 4;
constexpr std::size_t kBars = kLast - kFirst + 2;

std::string edge_text(int exponent) {
  return exponent >= 0 ? fmt::format("{}", 1 << exponent) : fmt::format("1/{}", 1 << -exponent);
}

// The names of the bars: "up to 1/65536", "1/65536 to 1/32768", ..., "above 16".
std::string bar_text(std::size_t bar) {
  const int upper = kFirst + static_cast<int>(bar);
  if (bar == 0) return "up to " + edge_text(kFirst);
  if (bar + 1 == kBars) return "above " + edge_text(kLast);
  return edge_text(upper - 1) + " to " + edge_text(upper);
}

std::array<std::int64_t, kBars> bars_of(const oracle::RatioHistogram& ratios) {
  std::array<std::int64_t, kBars> bars{};
  for (const oracle::RatioHistogram::Octave& octave : ratios.octaves()) {
    const int upper = static_cast<int>(std::lround(std::log2(octave.upper)));
    bars[static_cast<std::size_t>(std::clamp(upper, kFirst, kLast + 1) - kFirst)] += octave.count;
  }
  return bars;
}

Html histogram_html(const check::KernelReport& r) {
  BarChart chart{.title = fmt::format("{}: errors as parts of their bounds", r.info.name),
                 .x_title = "error / bound",
                 .y_title = "share of outputs",
                 .limit = static_cast<std::size_t>(1 - kFirst),
                 .limit_title = "bound",
                 .numbers = {.headings = headings_of({"error / bound", "outputs and lses", "share"}),
                             .numbers = {false, true, true}}};
  const std::array<std::int64_t, kBars> counts = bars_of(r.ratios);
  for (std::size_t i = 0; i < kBars; ++i) {
    const int upper = kFirst + static_cast<int>(i);
    const double share = static_cast<double>(counts[i]) / static_cast<double>(r.ratios.count());
    chart.bars.push_back({edge_text(upper), share, upper > 0});
    if (counts[i] > 0)
      chart.numbers.rows.push_back({.cells = {text(bar_text(i)), text(grouped(counts[i])),
                                              text(percent(counts[i], r.ratios.count()))}});
  }
  return bar_chart_html(chart);
}

// "at most 1", "2", "3 to 4", "5 to 8", ...
std::string keys_text(std::int64_t most) {
  if (most == 1) return "at most 1";
  return most == 2 ? "2" : fmt::format("{} to {}", grouped(most / 2 + 1), grouped(most));
}

Html lengths_html(const check::KernelReport& r) {
  Chart chart{.title = fmt::format("{}: the largest error by length", r.info.name),
              .x = {"keys of a row", 1, 4, 2},
              .y = {"error / bound", 1e-3, 10, 10},
              .numbers = {.headings = headings_of({"dtype", "keys", "rows", "largest error / bound"}),
                          .numbers = {false, true, true, true}}};
  std::string dtype;
  for (const check::LengthReport& length : r.by_length) {
    if (length.dtype != dtype) {
      dtype = length.dtype;
      chart.series.push_back({.name = dtype, .style = chart.series.size()});
    }
    const auto keys = static_cast<double>(length.keys);
    chart.x.to = std::max(chart.x.to, keys);
    chart.series.back().marks.push_back({keys, length.bound_ratio});
    chart.numbers.rows.push_back(
        {.cells = {text(dtype), text(keys_text(length.keys)), text(grouped(length.rows)),
                   text(short_text(length.bound_ratio))}});
  }
  chart.series.push_back(
      {.name = "bound", .style = 7, .drawn = Drawn::dashed, .marks = {{chart.x.from, 1}, {chart.x.to, 1}}});
  return chart_html(chart);
}

// Contracts, with the longest row for which a bound says anything; the size of an error that would have been
// an alarm; and for a sample of rows, how many wrong ones it would have missed.
std::string resolution(const check::KernelReport& r) {
  std::vector<std::string> parts;
  for (const check::ContractReport& c : r.contracts) parts.push_back(c.text + ": " + contract_text(c));
  if (r.alarm.outputs > 0)
    parts.push_back(
        fmt::format("noise: an output {:.1f} standard deviations away, or a mean {:.1f} away, is an "
                    "alarm; seen {:.1f}",
                    r.alarm.output_threshold, r.alarm.bias_threshold, r.alarm.largest_sigmas));
  if (r.rows) parts.push_back(coverage_text(*r.rows));
  return parts.empty() ? "-" : fmt::format("{}", fmt::join(parts, "; "));
}

Html resolution_html(const Content& content) {
  Table table{
      .headings = headings_of({"kernel", "certified", "median error / bound", "what would have been seen"}),
      .numbers = {false, true, true, false}};
  for (std::size_t k = 0; k < content.kernels.size(); ++k) {
    if (detailed(content.kernels, k) != k) continue;
    const check::KernelReport& r = content.kernels[k];
    table.rows.push_back(
        {.cells = {link_to(kernel_id(k), r.info.name), text(percent(r.informative, r.outputs)),
                   text(short_text(r.median_bound_ratio)), text(resolution(r))}});
  }
  return element("h3", "Resolution") +
         element(
             "p",
             "Where an output is certified, an error above its bound E is always seen: a fault that moves a "
             "right output by more than 2 E cannot hide. The median says how much of E rounding uses up.") +
         table_html(table);
}

}  // namespace

Html errors_html(const Content& content) {
  Html charts;
  for (std::size_t k = 0; k < content.kernels.size(); ++k) {
    const check::KernelReport& r = content.kernels[k];
    if (detailed(content.kernels, k) != k || r.ratios.count() == 0) continue;
    const Html pair = histogram_html(r) + (r.by_length.empty() ? Html() : lengths_html(r));
    charts += element("div", {{"class", "charts"}}, pair);
  }
  if (charts.empty()) return element("p", "No output has an informative bound.");
  return element("p", {{"class", "note"}},
                 "Of outputs and lses with an informative bound. Kernels with the same bits are drawn once. "
                 "A mark at the upper or lower edge stands for that much or more, or that much or less; an "
                 "error of 0 is not drawn on a logarithmic axis.") +
         charts + resolution_html(content);
}

}  // namespace attest::report::page
