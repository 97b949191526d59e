// The JSON of `attest check` (schema attest.check/1).
#pragma once

#include "check/record/kernel_report.hpp"
#include "report/header.hpp"

namespace attest::report {

/// One element of kernels[].
Json kernel_json(const check::KernelReport& report);

}  // namespace attest::report
