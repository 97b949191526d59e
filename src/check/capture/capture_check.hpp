// Judges inputs and outputs that were captured elsewhere. Runs no kernel.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "check/record/kernel_report.hpp"
#include "problem/problem.hpp"

namespace attest::check {

struct CaptureOptions {
  std::string contract;              ///< declared by the kernel or the user; empty: not declared
  std::optional<std::int64_t> rows;  ///< judge a sample of this many query rows; none: all
  std::uint64_t seed = 1;            ///< of the sample
  unsigned jobs = 1;
};

/// A problem with one query row and the keys that it sees (one batch and head), which has the same output.
/// With ALiBi, whose distances need the positions of the other rows, the row's head with all rows.
Problem capture_row(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i);

/// The part of a captured result that capture_row(problem, ...) with this place has.
Result capture_row_result(const Result& result, const Problem& row, const oracle::Element& at);

/// Evaluates the laws "definition" and "lse" on the judged rows. All violations form one finding, whose
/// problem is the worst row alone (capture_row): rows do not depend on each other, so the captured output
/// must be right there too. If none is declared and another contract explains the violations, that is the
/// contract of the report. `name` stands for the kernel's name in the report. Throws ContractError for a
/// contract that does not parse.
KernelReport check_capture(const std::string& name, const Problem& problem, const Result& result,
                           const CaptureOptions& options);

}  // namespace attest::check
