// The mutation study as JSON (schema attest.faults/1) and as text.
#pragma once

#include <string>

#include "check/fault_study.hpp"
#include "report/check_json.hpp"

namespace attest {

/// {"faults": [...], "controls": [...], "summary": {...}}, to be added to a report's header.
Json faults_json(const FaultStudy& study);

/// A line a fault and dtype, a line a control, and the sums as the last lines.
std::string faults_text(const FaultStudy& study);

/// "176 of 176 faults killed, 170 named, median 3 cases to kill".
std::string faults_summary(const FaultStudy& study);
/// "no false alarm in 12,000 control cases"; empty when no control was looked at.
std::string controls_summary(const FaultStudy& study);

/// Every fault killed, 9 of 10 of them named, no false alarm, every control conforming.
bool as_promised(const FaultStudy& study);

}  // namespace attest
