// Where a kernel crashed, in reports.
#pragma once

#include <string>
#include <vector>

#include "kernel/kernel.hpp"
#include "report/header.hpp"

namespace attest::report {

/// "accessing address 0x0", "in dot+0x1f (libmine.so+0x11f9)", "called from ...": at most 10 lines, the
/// innermost call first. Empty: nothing is known.
std::vector<std::string> crash_lines(const kernel::CrashSite& crash);

/// {"address": "0x0", "function": "dot", "calls": [...]}, or null where nothing is known.
Json crash_json(const kernel::CrashSite& crash);

}  // namespace attest::report
