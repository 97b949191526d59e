// What a kernel accepts, what it declines, and what was not examined, in reports.
#pragma once

#include <string>

#include "check/record/region_report.hpp"
#include "report/header.hpp"

namespace attest {

/// Lines of at most 80 columns: accepts, declines, declines in combination, not examined, tested up to.
std::string region_text(const RegionReport& region);
/// The same as sentences, for a paragraph.
std::string region_markdown(const RegionReport& region);
/// {dtypes, features, needs, lengths, extents, apart, largest, calls}.
Json accepts_json(const RegionReport& region);

}  // namespace attest
