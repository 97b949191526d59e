// The mutation study as JSON (schema attest.faults/1) and as text.
#pragma once

#include <string>

#include "check/fault_study/fault_study.hpp"
#include "report/header.hpp"

namespace attest::report {

/// {"faults": [...], "controls": [...], "narrow_faults": [...], "narrow_controls": [...], "summary": {...}},
/// to be added to a report's header.
Json faults_json(const check::FaultStudy& study);

/// One line per fault and dtype, and one line per control.
std::string faults_text(const check::FaultStudy& study);

/// "176 of 176 faults found, 170 of 172 identified, in a median of 3 cases", and a line on how many have one
/// finding, how many are misidentified, and how many replay.
std::string faults_summary(const check::FaultStudy& study);
/// "no false alarm in 12,000 control cases"; empty if no control was run.
std::string controls_summary(const check::FaultStudy& study);

/// "20 of 20 narrow faults found, 20 of 20 identified; 17 of 17 narrow controls conform and answer at least
/// 80 % of their cases"; empty if no narrow kernel was run.
std::string narrow_summary(const check::FaultStudy& study);

/// Every fault is found, at least 9 in 10 of those with a signature are named, none has another's name, at
/// least 9 in 10 give one finding and none more than 3, every case file replays, there is no false alarm, and
/// every control conforms. The same holds for narrow kernels, whose controls also answer at least 80 % of
/// their cases.
bool as_promised(const check::FaultStudy& study);

}  // namespace attest::report
