// `attest faults --versus-peers` and `--resolution`.
#pragma once

#include <string>

#include "check/fault_study/fault_study.hpp"
#include "cli/command.hpp"

namespace attest::cli {

struct DetectionOptions {
  bool peers = false, resolution = false;
  bool markdown = false;  ///< print a page in Markdown
};

/// Runs what is asked for. The exit code is a defect where attest accepts a fault or flags a correct kernel.
Exit run_detection(const CommonOptions& common, const DetectionOptions& asked, check::StudyOptions study,
                   const std::string& effort);

}  // namespace attest::cli
