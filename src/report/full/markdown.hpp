// reports/report.md: the same facts as report.json, for reading.
#pragma once

#include <string>
#include <vector>

#include "check/record/kernel_report.hpp"
#include "report/full/full_report.hpp"

namespace attest {

std::string markdown(const FullReport& report);

}  // namespace attest
