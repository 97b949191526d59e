// Judges captured files for `attest check`.
#pragma once

#include <string>

#include "check/capture/capture_check.hpp"

namespace attest::cli {

/// Reads and judges one capture. Writes a violated row to `findings_dir` as a separate capture (empty: does
/// not). Throws FileFormatError for a file that is not a capture, and ContractError for a contract that does
/// not parse.
check::KernelReport run_capture(const std::string& path, check::CaptureOptions options,
                                const std::string& findings_dir);

}  // namespace attest::cli
