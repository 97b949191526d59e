#include "report/number.hpp"

#include <cmath>

#include <fmt/format.h>

namespace attest::report {

nlohmann::ordered_json json_number(double x) {
  if (std::isfinite(x)) return x;
  return exact_text(x);
}

std::string exact_text(double x) {
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x > 0 ? "inf" : "-inf";
  return fmt::format("{}", x);
}

std::string short_text(double x) { return std::isfinite(x) ? fmt::format("{:.3g}", x) : exact_text(x); }

std::string grouped(std::int64_t n) { return fmt::format("{}", fmt::group_digits(n)); }

std::string percent(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return "none";
  const double share = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (part == whole) return "100 %";
  if (share >= 99) return fmt::format("{:.1f} %", std::floor(share * 10) / 10);
  return fmt::format("{:.0f} %", share);
}

std::string counted(std::int64_t n, const std::string& noun) {
  return fmt::format("{} {}{}", grouped(n), noun, n == 1 ? "" : "s");
}

}  // namespace attest::report
