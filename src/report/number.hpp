// Formats numbers for text and JSON.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace attest::report {

/// JSON has no non-finite numbers: they become the strings "nan", "inf" and "-inf".
nlohmann::ordered_json json_number(double x);
/// Shortest decimal that reads back as the same double: "2.5", "nan", "-inf".
std::string exact_text(double x);
/// Three significant digits: "0.0312", "4.1e+12".
std::string short_text(double x);
/// 1412 -> "1,412".
std::string grouped(std::int64_t n);
/// "96 %"; a share below 1 is never shown as "100 %". 0 of 0 is "none".
std::string percent(std::int64_t part, std::int64_t whole);
/// "1 finding", "3 findings".
std::string counted(std::int64_t n, const std::string& noun);

}  // namespace attest::report
