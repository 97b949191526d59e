// Features by classes of shapes: how many cases met each, for people and JSON.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "check/record/coverage_report.hpp"

namespace attest {

/// "covered 14 features x 11 shapes, every crossing in 8 cases or more, but for softcap x past 2^16 keys
/// (declined 6 times) and 3 more": at most `most` of them are named. "covered 150 of 154 crossings of 14
/// features and 11 shapes; higher efforts ask for each" where none was asked for.
std::string crossings_text(const CoverageReport& coverage, std::size_t most = 3);

/// {"shapes": [...], "features": {name: [cases by shape, null where not asked for]}, "wanted",
/// "fewest_cases", "uncovered": [{"feature", "shape", "cases", "declined", "undrawn", "why"}], "thin":
/// [...]}: without any case, and with fewer than wanted.
nlohmann::ordered_json crossings_json(const CoverageReport& coverage);

/// A table of features down and shapes across, behind a line to unfold it; empty without any feature.
std::string crossings_markdown(const CoverageReport& coverage);

}  // namespace attest
