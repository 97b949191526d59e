// What outputs for CI systems share.
#pragma once

#include <string>

#include "check/record/kernel_report.hpp"

namespace attest::report {

/// UTF-8 without control characters but for line ends and tabs, as XML and JSON want it: others become '?'.
std::string printable(const std::string& text);

/// The finding's sentence, its smallest case and the command that replays it, in one line.
std::string finding_line(const check::Finding& finding);

/// Why a kernel that has no finding is not conforming; empty where it is.
std::string reasons_text(const check::KernelReport& report);

}  // namespace attest::report
