#include "report/page/own_html.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "report/number.hpp"
#include "report/page/chart/chart.hpp"

namespace attest::report::page {
namespace {

// The worst of all forms in one kind of numbers at one length.
struct Worst {
  double error = 0, bound = 0;
};

using ByLength = std::map<std::int64_t, Worst>;

// In the order in which the kinds of numbers are listed.
std::vector<std::pair<std::string, ByLength>> worst_of(const forms::ErrorGrowth& growth,
                                                       const std::string& inputs) {
  std::vector<std::pair<std::string, ByLength>> kinds;
  for (const forms::GrowthPoint& p : growth.points) {
    if (p.inputs != inputs) continue;
    auto kind =
        std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.first == p.semantics; });
    if (kind == kinds.end()) kind = kinds.insert(kinds.end(), {p.semantics, {}});
    Worst& worst = kind->second[p.keys];
    worst.error = std::max(worst.error, p.error);
    worst.bound = std::max(worst.bound, p.bound);
  }
  return kinds;
}

void widen(Axis& axis, double value) {
  if (!std::isfinite(value) || value <= 0) return;
  axis.from = std::min(axis.from, std::pow(10, std::floor(std::log10(value))));
  axis.to = std::max(axis.to, std::pow(10, std::ceil(std::log10(value))));
}

Html growth_chart(const forms::ErrorGrowth& growth, const forms::GrowthInputs& inputs) {
  Chart chart{.title = "Error by length, " + inputs.name,
              .x = {"keys", 4, static_cast<double>(growth.most_keys), 2},
              .y = {"absolute error", 1, 1, 10},
              .numbers = {.headings = headings_of({"numbers", "keys", "largest error", "largest bound"}),
                          .numbers = {false, true, true, true}}};
  std::size_t style = 0;
  for (const auto& [kind, lengths] : worst_of(growth, inputs.name)) {
    Series measured{.name = kind, .style = style};
    Series bound{.name = kind + ", bound", .style = style, .drawn = Drawn::dashed};
    for (const auto& [keys, worst] : lengths) {
      widen(chart.y, worst.error);
      widen(chart.y, worst.bound);
      measured.marks.push_back({static_cast<double>(keys), worst.error});
      bound.marks.push_back({static_cast<double>(keys), worst.bound});
      chart.numbers.rows.push_back(
          {.cells = {text(kind), text(grouped(keys)), text(short_text(worst.error)),
                     text(std::isfinite(worst.bound) ? short_text(worst.bound) : "no certificate")}});
    }
    chart.series.push_back(std::move(measured));
    chart.series.push_back(std::move(bound));
    ++style;
  }
  return chart_html(chart);
}

// The marks that no other beats in both words and steps, by words.
std::vector<Mark> best_of(std::vector<Mark> marks) {
  std::sort(marks.begin(), marks.end(),
            [](const Mark& a, const Mark& b) { return a.x != b.x ? a.x < b.x : a.y < b.y; });
  std::vector<Mark> best;
  for (const Mark& mark : marks) {
    if (best.empty() || mark.y < best.back().y) best.push_back(mark);
  }
  return best;
}

}  // namespace

Html growth_html(const forms::ErrorGrowth& growth) {
  Html charts;
  for (const forms::GrowthInputs& inputs : forms::growth_inputs()) charts += growth_chart(growth, inputs);
  return element("p", {{"class", "note"}},
                 "Attest's own forms: the largest error of any form, and the largest certified bound "
                 "(dashed), which ends where there is no certificate. An error of 0 is not drawn.") +
         element("div", {{"class", "charts"}}, charts);
}

Html frontier_html(const space::SpaceReport& report) {
  Chart chart{.title = "Space and time of evaluators, all rows; dashed: the frontier",
              .x = {"words of memory", 1e9, 1, 10},
              .y = {"steps", 1e9, 1, 10},
              .numbers = {.headings = headings_of({"layers", "tokens", "evaluator", "words", "steps"}),
                          .numbers = {true, true, false, true, true}}};
  std::size_t style = 0;
  for (const std::vector<space::FrontierPoint>& points : report.frontiers) {
    if (points.empty()) continue;
    const std::string name = fmt::format(
        "{}, {} tokens", counted(static_cast<std::int64_t>(points[0].layers), "layer"), points[0].length);
    Series run{.name = name, .style = style, .drawn = Drawn::marks};
    Series derived{.name = name + ", by formula", .style = style, .drawn = Drawn::hollow};
    for (const space::FrontierPoint& p : points) {
      if (!p.counted && !p.closed_form) continue;
      const auto steps = static_cast<double>(p.counted ? p.steps : p.closed_form->steps);
      widen(chart.x, static_cast<double>(p.words));
      widen(chart.y, steps);
      (p.counted ? run : derived).marks.push_back({static_cast<double>(p.words), steps});
      chart.numbers.rows.push_back(
          {.cells = {text(std::to_string(p.layers)), text(std::to_string(p.length)), text(p.name),
                     text(grouped(static_cast<std::int64_t>(p.words))),
                     text(fmt::format("{:.4g}{}", steps, p.counted ? "" : " (not run)"))}});
    }
    std::vector<Mark> all = run.marks;
    all.insert(all.end(), derived.marks.begin(), derived.marks.end());
    chart.series.push_back({.style = style, .drawn = Drawn::dashed, .marks = best_of(std::move(all))});
    chart.series.push_back(std::move(run));
    if (!derived.marks.empty()) chart.series.push_back(std::move(derived));
    ++style;
  }
  return element("div", {{"class", "charts"}}, chart_html(chart));
}

}  // namespace attest::report::page
