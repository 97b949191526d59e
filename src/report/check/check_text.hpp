// A kernel's report as text for a terminal.
#pragma once

#include <string>
#include <vector>

#include "check/record/kernel_report.hpp"

namespace attest::report {

struct TextStyle {
  bool all_laws = false;  ///< a row for every law, instead of those that say something
  bool colour = false;    ///< ANSI colours
};

/// The report of one kernel on lines of at most 80 columns: verdict, findings, what was examined, laws.
std::string kernel_text(const check::KernelReport& report, const TextStyle& style = {});

/// "the contract cannot hold for more than 2,048 keys ...". Precondition: the report has such a limit.
std::string saturation_text(const check::KernelReport& report);

/// "declared", "declared; for f32, assumed f32", "assumed: the loosest preset that fits".
std::string contract_origin(const check::KernelReport& report);

/// "memory per call: stack at most 9.2 KiB (...); largest heap 1.1 MiB (...)"; empty if neither was measured.
std::string memory_text(const check::MemoryReport& memory);

/// "longest row with an informative bound: 8,193 keys", with the length beyond which the contract cannot
/// hold; one line per contract.
std::string contract_text(const check::ContractReport& contract);

/// "rounding noise: largest error 1.9 sigmas in 12,345 outputs (alarm at 7.1); bias in sigmas: out -0.3,
/// ...".
std::string alarm_text(const check::AlarmReport& alarm);

/// "rows judged: 12,345 by f64, 40 by double-double, 3 by definition (no visible key)"; empty if no row was
/// judged.
std::string tiers_text(const oracle::RowsByTier& rows);

/// "DEFECTIVE   2 findings", "CONFORMING", "MISTRUSTED   everything was declined".
std::string verdict_line(const check::KernelReport& report);

/// What follows the verdict's name: "2 findings", "everything was declined"; may be empty.
std::string verdict_reason(const check::KernelReport& report);

/// Verdict and reason on lines of at most 80 columns, with the kernel's name, and one line per reason.
std::string verdict_text(const check::KernelReport& report, bool colour);

/// One line per kernel: its name and verdict, with the first reason if it is undecided. With several kernels,
/// a last line counts the verdicts. Lines have at most 80 columns.
std::string verdict_table(const std::vector<check::KernelReport>& reports);

}  // namespace attest::report
