// Writes the page of a command, index.html, with its data.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "check/record/kernel_report.hpp"
#include "report/full/full_report.hpp"

namespace attest::cli {

/// Adds --report. A folder that cannot be written is a usage error.
void add_page_option(CLI::App& command, std::string& folder);

/// The command that runs, as a shell reads it, with "attest" for the path of the program.
std::string command_line();

/// Writes folder/index.html and folder/report.json, and returns the line that says so. Empty folder: nothing.
/// A file that cannot be written is noted (cli/output/outputs.hpp).
std::string write_check_page(const std::string& folder, std::uint64_t seed, const std::string& effort,
                             const std::vector<check::KernelReport>& kernels,
                             const nlohmann::ordered_json& json);

/// Writes folder/index.html, report.md and report.json, and returns the line that says so.
std::string write_report(const std::filesystem::path& folder, const report::FullReport& report,
                         const nlohmann::ordered_json& json);

}  // namespace attest::cli
