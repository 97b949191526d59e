// report.md: verdicts, findings and totals, short enough to read through. The page, index.html, has
// everything.
#pragma once

#include <string>

#include "report/full/full_report.hpp"

namespace attest::report {

std::string markdown(const FullReport& report);

}  // namespace attest::report
