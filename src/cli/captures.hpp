// Judges captured files for `attest check`.
#pragma once

#include <optional>
#include <string>

#include "check/capture/capture_check.hpp"
#include "files/axis_order.hpp"

namespace attest::cli {

/// Whether an argument of `attest check` names captured files rather than a kernel.
bool is_capture(const std::string& name);

struct CaptureCheck {
  check::CaptureOptions how;
  std::string findings_dir;  ///< for a violated row, as a capture of its own; empty: it is not written
  std::optional<files::AxisOrder> order;  ///< replaces the file's layout
};

/// Whether an argument names a capture; a folder may have the name of a kernel.
bool is_capture(const std::string& name);

/// Reads and judges one capture. A row that cannot be written is noted (cli/output/outputs.hpp). Throws
/// FileFormatError for a file that is not a capture, and ContractError for a contract that does not parse.
check::KernelReport run_capture(const std::string& path, CaptureCheck options);

}  // namespace attest::cli
