#include "report/check/coverage_text.hpp"

#include <cmath>

#include <fmt/format.h>

#include "report/number.hpp"

namespace attest::report {
namespace {

constexpr double kOften = 0.95;
constexpr double kNearlyAlways = 0.99;

// The share of the rows in percent, two significant digits, rounded up.
std::string share_above(std::int64_t rows, std::int64_t total) {
  const double percent = 100 * static_cast<double>(rows) / static_cast<double>(total);
  const double unit = std::pow(10, std::floor(std::log10(percent)) - 1);
  const double above = std::ceil(percent / unit * (1 - 1e-12)) * unit;
  return fmt::format("{:.3g} %", above);
}

}  // namespace

std::string coverage_text(const oracle::RowCoverage& c) {
  if (c.all()) return fmt::format("all {} judged", counted(c.total, "row"));
  const std::string suspicious =
      c.suspicious == 0 ? ""
                        : fmt::format("; {} that were not judged look wrong", counted(c.suspicious, "row"));
  return fmt::format(
      "{} of {} judged ({} chosen by position, {} at random): a fault in {} or more of all rows is seen with "
      "probability 95 %, in {} or more with 99 %{}",
      grouped(c.judged), counted(c.total, "row"), grouped(c.fixed), grouped(c.judged - c.fixed),
      share_above(c.least_seen(kOften), c.total), share_above(c.least_seen(kNearlyAlways), c.total),
      suspicious);
}

nlohmann::ordered_json coverage_json(const oracle::RowCoverage& c) {
  nlohmann::ordered_json json{
      {"total", c.total}, {"judged", c.judged}, {"fixed", c.fixed}, {"suspicious", c.suspicious}};
  json["seen"] = nlohmann::ordered_json::array();
  if (c.total == 0) return json;
  for (const double probability : {kOften, kNearlyAlways}) {
    const std::int64_t rows = c.least_seen(probability);
    json["seen"].push_back({{"probability", probability},
                            {"rows", rows},
                            {"share", static_cast<double>(rows) / static_cast<double>(c.total)}});
  }
  return json;
}

}  // namespace attest::report
