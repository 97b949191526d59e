// What a kernel takes, declines, and was not asked, in the reports.
#pragma once

#include <string>

#include "check/record/region_report.hpp"
#include "report/header.hpp"

namespace attest {

/// Lines of at most 80 columns: accepts, declines, apart, not examined.
std::string region_text(const RegionReport& region);
/// Sentences, for a paragraph.
std::string region_markdown(const RegionReport& region);
/// {dtypes, features, needs, lengths, extents, apart, largest, calls}.
Json accepts_json(const RegionReport& region);

}  // namespace attest
