// reports/report.md: the content of report.json for readers.
#pragma once

#include <string>
#include <vector>

#include "check/record/kernel_report.hpp"
#include "report/full/full_report.hpp"

namespace attest::report {

std::string markdown(const FullReport& report);

}  // namespace attest::report
