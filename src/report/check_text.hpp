// A kernel's report as text for a terminal, read in ten seconds.
#pragma once

#include <string>
#include <vector>

#include "check/kernel_report.hpp"

namespace attest {

/// The block of one kernel: its header line, a line a law, its findings, then the verdict as the last line.
std::string kernel_text(const KernelReport& report);

/// "the contract cannot hold beyond 2,048 keys ..."; only where the report has such a limit.
std::string saturation_text(const KernelReport& report);

/// "DEFECTIVE   2 findings", "CONFORMING", "MISTRUSTED   everything was declined".
std::string verdict_line(const KernelReport& report);

/// A line a kernel: its name and its verdict.
std::string verdict_table(const std::vector<KernelReport>& reports);

}  // namespace attest
