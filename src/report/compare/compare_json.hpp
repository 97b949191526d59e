// The JSON of `attest compare` (schema attest.compare/1).
#pragma once

#include "check/compare/pair_report.hpp"
#include "report/header.hpp"

namespace attest::report {

/// One element of pairs[].
Json pair_json(const check::PairReport& report);

}  // namespace attest::report
