// Judges inputs and outputs that were captured elsewhere, without running anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "check/record/kernel_report.hpp"
#include "problem/problem.hpp"

namespace attest {

struct CaptureOptions {
  std::string contract;              ///< what the kernel declares, or the user for it; empty: nobody does
  std::optional<std::int64_t> rows;  ///< judge a sample of so many query rows; none: all
  std::uint64_t seed = 1;            ///< of the sample
  unsigned jobs = 1;
};

/// A query row alone, with the keys that it sees, as a problem of one batch, head and row that has the same
/// output; with ALiBi, whose distances need the other rows' positions, its head alone with all rows.
Problem capture_row(const Problem& problem, std::int64_t b, std::int64_t h, std::int64_t i);

/// One case: the laws definition and lse, on the judged rows. All violations are one finding, whose problem
/// is the worst row alone (capture_row): rows do not depend on each other, so its captured output must be
/// right there too. `name` is shown as the kernel's. Throws ContractError for a contract that does not parse.
KernelReport check_capture(const std::string& name, const Problem& problem, const Result& result,
                           const CaptureOptions& options);

}  // namespace attest
