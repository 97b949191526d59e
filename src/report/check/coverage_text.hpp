// How many rows were judged, and the smallest fault that this detects, as text and JSON.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "oracle/sample/row_sample.hpp"

namespace attest::report {

/// "512 of 65,536 rows judged (36 chosen by position, 476 at random): a fault in 0.63 % or more of
/// all rows is seen with probability 95 %, in 0.97 % or more with 99 %"; "all 900 rows judged". Shares are
/// rounded up.
std::string coverage_text(const oracle::RowCoverage& coverage);

/// {"total", "judged", "fixed", "seen": [{"probability", "rows", "share"}]}; "seen" gives the smallest
/// detected fault for each probability, as a number of rows and a share of all rows.
nlohmann::ordered_json coverage_json(const oracle::RowCoverage& coverage);

}  // namespace attest::report
