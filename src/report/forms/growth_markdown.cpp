#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "report/forms/forms_report.hpp"
#include "report/number.hpp"
#include "report/table.hpp"

namespace attest::report {
namespace {

// A few lengths are enough to read; report.json has all.
bool is_shown(std::int64_t keys, std::int64_t most_keys) {
  return keys == most_keys || keys == 16 || keys == 256 || keys == 512 || keys == 2048 || keys == 4096;
}

std::string point_text(const forms::GrowthPoint& p) {
  if (p.bound == HUGE_VAL) return fmt::format("{} (no certificate)", short_text(p.error));
  return fmt::format("{} of {}", short_text(p.error), short_text(p.bound));
}

std::string inputs_table(const forms::ErrorGrowth& growth, const std::string& inputs) {
  std::vector<std::int64_t> lengths;
  for (std::int64_t keys = 4; keys <= growth.most_keys; keys *= 2) {
    if (is_shown(keys, growth.most_keys)) lengths.push_back(keys);
  }
  std::vector<std::string> head{"numbers", "form"};
  for (const std::int64_t keys : lengths) head.push_back(fmt::format("{} keys", grouped(keys)));
  std::string text = table_head(head);
  std::vector<std::string> row;
  for (const forms::GrowthPoint& p : growth.points) {
    if (p.inputs != inputs) continue;
    if (row.empty()) row = {p.semantics, p.form};
    if (is_shown(p.keys, growth.most_keys)) row.push_back(point_text(p));
    if (p.keys == growth.most_keys) {
      text += table_row(row);
      row.clear();
    }
  }
  return text;
}

std::string departures_table(const forms::ErrorGrowth& growth) {
  std::string text = table_head({"numbers", "limit by theorem", "denominator exact to", "largest denominator",
                                 "output equal to f32 to"});
  const auto keys = [&](std::int64_t n) {
    return n == growth.most_keys ? fmt::format("{} keys (all tried)", grouped(n))
                                 : fmt::format("{} keys", grouped(n));
  };
  for (const forms::Departure& d : growth.departures) {
    text += table_row({d.semantics, grouped(d.limit), keys(d.denominator_keys),
                       grouped(static_cast<std::int64_t>(d.largest_denominator)), keys(d.output_keys)});
  }
  return text;
}

}  // namespace

std::string growth_markdown(const forms::ErrorGrowth& growth) {
  std::string text =
      "The largest error of any output, and the certified bound of a contract with sums in any order. `no "
      "certificate`: there is no finite bound for so many keys in that precision.\n\n";
  for (const forms::GrowthInputs& inputs : forms::growth_inputs()) {
    text +=
        fmt::format("### {}\n\n{}.\n\n{}\n", inputs.name, inputs.meaning, inputs_table(growth, inputs.name));
  }
  return text +
         "### Saturation\n\nKeys of equal weight, added one at a time. By the theorems `saturation-*`, no "
         "denominator exceeds 2^p.\n\n" +
         departures_table(growth);
}

}  // namespace attest::report
