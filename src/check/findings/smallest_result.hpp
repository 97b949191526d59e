// Keeps what a kernel returned on a finding's smallest case, for reports that draw it.
#pragma once

#include "check/record/finding.hpp"
#include "oracle/contract/contract.hpp"

namespace attest::check {

/// Sets finding.result, unless the result is too large to be drawn or does not show the finding's first
/// element again.
void keep_result(Finding& finding, const Result& result, const oracle::ContractSet& contract);

}  // namespace attest::check
