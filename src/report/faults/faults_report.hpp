// The mutation study as JSON (schema attest.faults/1) and as text.
#pragma once

#include <string>

#include "check/fault_study/fault_study.hpp"
#include "report/header.hpp"

namespace attest {

/// {"faults": [...], "controls": [...], "narrow_faults": [...], "narrow_controls": [...], "summary": {...}},
/// to be added to a report's header.
Json faults_json(const FaultStudy& study);

/// A line a fault and dtype, a line a control, and the sums as the last lines.
std::string faults_text(const FaultStudy& study);

/// "176 of 176 faults killed, 170 of 172 named, median 3 cases to kill".
std::string faults_summary(const FaultStudy& study);
/// "no false alarm in 12,000 control cases"; empty when no control was looked at.
std::string controls_summary(const FaultStudy& study);

/// "20 of 20 narrow faults killed, 20 of 20 named; 17 of 17 narrow controls conform and answer 80 % of their
/// cases"; empty when no narrow kernel was looked at.
std::string narrow_summary(const FaultStudy& study);

/// Every fault killed, 9 of 10 of those that have a signature named, no false alarm, every control
/// conforming; narrow kernels too, and their controls answer 80 % of the cases put to them.
bool as_promised(const FaultStudy& study);

}  // namespace attest
