// Judging captured files for `attest check`.
#pragma once

#include <string>

#include "check/capture/capture_check.hpp"

namespace attest {

/// Reads and judges one capture. A violated row is written, alone, as a capture of its own to `findings_dir`
/// (empty: nowhere). Throws FileFormatError for a file that is no capture, ContractError for a contract.
KernelReport run_capture(const std::string& path, CaptureOptions options, const std::string& findings_dir);

}  // namespace attest
