// What every subcommand shares: its options, exit codes, and how it is attached to the command line.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace attest {

/// The process's exit codes. Several results combine by precedence: internal, usage, defect, undecided, ok.
enum class Exit : int { ok = 0, defect = 1, undecided = 2, usage = 64, internal = 70 };
/// The one that wins of two.
Exit worse(Exit a, Exit b);

/// The user asked for something that cannot be done; the message is one line. Exit 64.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct CommonOptions {
  std::string json;  ///< file to write the JSON to; "-" is standard output; empty: none
  std::uint64_t seed = 1;
  unsigned jobs = 0;   ///< threads; 0: one a processor
  bool quiet = false;  ///< nothing but the verdict on standard output
};

/// Adds --json, --seed, --jobs and --quiet.
void add_common_options(CLI::App& command, CommonOptions& options);
/// One a processor where the user did not say.
unsigned threads_of(const CommonOptions& options);
/// Writes to options.json where asked; throws UsageError when the file cannot be written.
void write_json(const CommonOptions& options, const nlohmann::ordered_json& json);
/// Prints to standard output unless the user wants quiet or JSON goes there.
void print(const CommonOptions& options, const std::string& text);

/// Each adds its subcommand; `exit` receives the result when the command has run.
void add_check_command(CLI::App& app, Exit& exit);
void add_prove_command(CLI::App& app, Exit& exit);
void add_report_command(CLI::App& app, Exit& exit);
void add_faults_command(CLI::App& app, Exit& exit);
void add_replay_command(CLI::App& app, Exit& exit);
void add_space_command(CLI::App& app, Exit& exit);
void add_capacity_command(CLI::App& app, Exit& exit);
void add_list_command(CLI::App& app, Exit& exit);

}  // namespace attest
