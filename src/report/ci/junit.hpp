// Reports for test dashboards.
#pragma once

#include <string>
#include <vector>

#include "check/record/kernel_report.hpp"

namespace attest::report {

/// JUnit XML: a suite a kernel, a test case a law, and one named "verdict", which fails unless the kernel
/// conforms. The failure of a law holds the finding with its smallest case and the command that replays it;
/// a law that did not apply is skipped.
std::string junit_xml(const std::vector<check::KernelReport>& reports);

}  // namespace attest::report
