#include "report/check/crossings_text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/number.hpp"

namespace attest::report {
namespace {

std::string times(std::int64_t count) { return count == 1 ? "once" : fmt::format("{} times", count); }

std::string why(const check::ThinCrossing& crossing) {
  std::string text;
  if (crossing.declined > 0) text = "declined " + times(crossing.declined);
  if (crossing.undrawn > 0) {
    if (!text.empty()) text += ", ";
    text += "no such problem fits the contract's limits";
  }
  return text.empty() ? "requested too late in the run" : text;
}

std::string named(const check::ThinCrossing& crossing) {
  const std::string cases = crossing.cases == 0 ? "" : counted(crossing.cases, "case") + "; ";
  return fmt::format("{} x {} ({}{})", crossing.feature, crossing.shape, cases, why(crossing));
}

}  // namespace

std::string crossings_text(const check::CoverageReport& c, std::size_t most) {
  const auto features = counted(static_cast<std::int64_t>(c.features.size()), "feature");
  const std::size_t shapes = c.shapes.size();
  if (c.wanted == 0) {
    return fmt::format("covered {} of {} pairs of {} and {} shapes; higher efforts cover every pair",
                       c.crossings() - c.uncovered(), c.crossings(), features, shapes);
  }
  std::string text = fmt::format("covered {} x {} shapes, every pair in at least {}", features, shapes,
                                 counted(c.wanted, "case"));
  if (c.thin.empty()) return text;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(most, c.thin.size()); ++i) names.push_back(named(c.thin[i]));
  text += fmt::format(", except {}", fmt::join(names, ", "));
  if (c.thin.size() > most) text += fmt::format(" and {} more", c.thin.size() - most);
  return text;
}

nlohmann::ordered_json crossings_json(const check::CoverageReport& c) {
  nlohmann::ordered_json json{{"shapes", c.shapes}};
  json["features"] = nlohmann::ordered_json::object();
  for (const check::CoverageReport::Row& row : c.features) {
    auto& cases = json["features"][row.feature] = nlohmann::ordered_json::array();
    for (const auto& n : row.cases) cases.push_back(n ? nlohmann::ordered_json(*n) : nullptr);
  }
  json["wanted"] = c.wanted;
  json["fewest_cases"] = c.fewest_cases();
  json["uncovered"] = json["thin"] = nlohmann::ordered_json::array();
  for (const check::ThinCrossing& crossing : c.thin) {
    json[crossing.cases == 0 ? "uncovered" : "thin"].push_back({{"feature", crossing.feature},
                                                                {"shape", crossing.shape},
                                                                {"cases", crossing.cases},
                                                                {"declined", crossing.declined},
                                                                {"undrawn", crossing.undrawn},
                                                                {"why", why(crossing)}});
  }
  return json;
}

}  // namespace attest::report
