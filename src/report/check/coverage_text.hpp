// How many rows were judged, and how large a fault that shows, for people and JSON.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "oracle/sample/row_sample.hpp"

namespace attest {

/// "512 of 65,536 rows judged (36 by their place, 476 at random): a fault in at least 0.63 % of all rows is
/// in one of these with probability 95 %, in at least 0.97 % with 99 %"; "all 900 rows judged". Shares are
/// rounded up.
std::string coverage_text(const RowCoverage& coverage);

/// {"total", "judged", "fixed", "seen": [{"probability", "rows", "share"}]}; "seen" is the smallest fault for
/// each probability, a number of rows and its share of all.
nlohmann::ordered_json coverage_json(const RowCoverage& coverage);

}  // namespace attest
