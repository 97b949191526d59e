// How many cases covered each pair of a feature and a class of shapes, as text and JSON.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "check/record/coverage_report.hpp"

namespace attest::report {

/// "covered 14 features x 11 shapes, every pair in at least 8 cases, except softcap x past 2^16 keys
/// (declined 6 times) and 3 more": names at most `most` pairs. "covered 150 of 154 pairs of 14 features and
/// 11 shapes; higher efforts cover every pair" if the effort does not ask for each pair.
std::string crossings_text(const check::CoverageReport& coverage, std::size_t most = 3);

/// {"shapes": [...], "features": {name: [cases by shape, null where not asked for]}, "wanted",
/// "fewest_cases", "uncovered": [{"feature", "shape", "cases", "declined", "undrawn", "why"}], "thin":
/// [...]}: without any case, and with fewer than wanted.
nlohmann::ordered_json crossings_json(const check::CoverageReport& coverage);

}  // namespace attest::report
