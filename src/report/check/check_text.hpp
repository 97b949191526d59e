// A kernel's report as text for a terminal, read in ten seconds.
#pragma once

#include <string>
#include <vector>

#include "check/record/kernel_report.hpp"

namespace attest {

/// The block of one kernel: its header line, a line a law, its findings, then the verdict as the last line.
std::string kernel_text(const KernelReport& report);

/// "the contract cannot hold beyond 2,048 keys ..."; only where the report has such a limit.
std::string saturation_text(const KernelReport& report);

/// "declared", "declared; for f32, assumed f32", "assumed: the loosest that fits".
std::string contract_origin(const KernelReport& report);

/// "memory of a call: stack at most 9.2 KiB (...); heap of the largest 1.1 MiB (...)"; empty where neither
/// was measured.
std::string memory_text(const MemoryReport& memory);

/// "longest row with a certificate that says something: 8,193 keys"; a line a contract, what it cannot hold
/// included.
std::string contract_text(const ContractReport& contract);

/// "rounding noise: largest 1.9 sigmas of 12,345 outputs (alarm at 7.1), biases out -0.3, ...".
std::string alarm_text(const AlarmReport& alarm);

/// "rows decided: 12,345 by f64, 40 by double-double, 3 exactly (no visible key)"; empty where no row was
/// judged.
std::string tiers_text(const RowsByTier& rows);

/// "DEFECTIVE   2 findings", "CONFORMING", "MISTRUSTED   everything was declined".
std::string verdict_line(const KernelReport& report);

/// A line a kernel: its name and its verdict, with the first reason of one that is undecided; then, of
/// several, how many have which verdict.
std::string verdict_table(const std::vector<KernelReport>& reports);

}  // namespace attest
