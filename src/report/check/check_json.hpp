// The JSON of `attest check` (schema attest.check/1).
#pragma once

#include "check/record/kernel_report.hpp"
#include "report/header.hpp"

namespace attest {

/// One element of kernels[].
Json kernel_json(const KernelReport& report);

}  // namespace attest
