// The laws of one kernel for a terminal.
#pragma once

#include <string>

#include "check/record/kernel_report.hpp"

namespace attest::report {

/// How many laws held, were broken and did not apply; then a row for the definition, for each broken law and
/// for each law with observations, or with `all` for every law. Lines have at most 80 columns.
std::string laws_text(const check::KernelReport& report, bool all);

}  // namespace attest::report
