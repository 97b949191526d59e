// Outputs of a check for CI systems, and findings that were accepted earlier.
#pragma once

#include <string>
#include <vector>

#include "check/baseline/baseline.hpp"
#include "cli/command.hpp"

namespace attest::cli {

struct CiOptions {
  std::string junit, sarif;  ///< files; empty: none
  bool github = false;
  std::string baseline;  ///< the JSON of an earlier check; empty: none
};

/// Adds --junit, --sarif, --github and --baseline.
void add_ci_options(CLI::App& command, CiOptions& options);

/// The baseline, which is read before anything runs: a bad one is an error of its own.
std::vector<check::AcceptedFinding> baseline_of(const CiOptions& options);

/// Where there is a baseline: adds "baseline" to the JSON, and says in words what is new and what has
/// vanished.
check::BaselineComparison compare_with_baseline(const CiOptions& options,
                                                const std::vector<check::AcceptedFinding>& baseline,
                                                const std::vector<check::KernelReport>& reports,
                                                const CommonOptions& common, nlohmann::ordered_json& json);

/// Writes what the options name.
void write_ci_outputs(const CiOptions& options, const std::vector<check::KernelReport>& reports,
                      const CommonOptions& common);

}  // namespace attest::cli
