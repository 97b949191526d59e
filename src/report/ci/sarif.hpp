// Reports for code scanning.
#pragma once

#include <vector>

#include "check/record/kernel_report.hpp"
#include "report/header.hpp"

namespace attest::report {

/// SARIF 2.1.0: a rule a law, a result a finding with its identity as fingerprint, a warning a suspicion, a
/// notification a reason why a check was too weak. The location is the kernel's file where it is one, else
/// the kernel's name.
Json sarif_json(const std::vector<check::KernelReport>& reports);

}  // namespace attest::report
