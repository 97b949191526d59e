// What a kernel accepts, what it declines, and what was not examined, in reports.
#pragma once

#include <string>

#include "check/record/region_report.hpp"
#include "report/header.hpp"

namespace attest::report {

/// Lines of at most 80 columns: accepts, declines, declines in combination, not examined, tested up to.
std::string region_text(const check::RegionReport& region);
/// The same as sentences, for a paragraph.
std::string region_markdown(const check::RegionReport& region);
/// {dtypes, features, needs, lengths, extents, apart, largest, calls}.
Json accepts_json(const check::RegionReport& region);

}  // namespace attest::report
