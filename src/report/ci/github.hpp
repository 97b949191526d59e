// What GitHub Actions shows of a check.
#pragma once

#include <string>
#include <vector>

#include "check/record/kernel_report.hpp"

namespace attest::report {

/// Workflow commands, a line each: an error a finding, a warning a reason why a kernel without one does not
/// conform.
std::string github_annotations(const std::vector<check::KernelReport>& reports);

/// Markdown for the summary of a job: a table of verdicts, then the findings.
std::string github_summary(const std::vector<check::KernelReport>& reports);

}  // namespace attest::report
